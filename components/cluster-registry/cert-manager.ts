import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import {
  caCertificateSpec,
  caIssuerSpec,
  certificateSpec,
  certManagerApi,
  certManagerNames,
  selfSignedIssuerSpec,
} from "../../render/cluster-registry/cert-manager.ts";
import { labels, tlsSecretName } from "../../render/cluster-registry/names.ts";
import type { ClusterTls } from "../../settings/tls.ts";
import type { ClusterCertificate } from "./certificate.ts";
import type { Place } from "./target.ts";

/** A certificate by cert-manager, which runs in the cluster: of an authority in this namespace, or of the stack's issuer. */
export function certManagerCertificate(
  tls: ClusterTls & { kind: "cert-manager" },
  name: pulumi.Output<string>,
  place: Place,
): ClusterCertificate {
  const { issuer } = tls;
  const issued = issuer === undefined ? [authority(place)] : [];
  const certificate = readyObject(
    place,
    "certificate",
    { kind: "Certificate", name: certManagerNames.certificate },
    name.apply((name) => certificateSpec(name, issuer)),
    issued,
  );

  // By the certificate's id, which no preview knows before there is one: nor is there a Secret to read then.
  const id = pulumi.all([place.namespace, certificate.id]).apply(([namespace]) => `${namespace}/${tlsSecretName(tls)}`);
  const { data } = Secret.get(`${place.name}-tls-issued`, id, { ...place.options, dependsOn: certificate });
  const ca = data.apply((data) => Buffer.from(data["ca.crt"] ?? "", "base64").toString());
  // An authority's certificate is for everybody to see.
  return { ca: pulumi.unsecret(ca), made: [certificate] };
}

/** Self-signed issuer → the authority's certificate → an issuer that signs with it. */
function authority(place: Place): CustomResource {
  const { selfSigned, ca } = certManagerNames;
  const root = readyObject(place, "self-signed-issuer", { kind: "Issuer", name: selfSigned }, selfSignedIssuerSpec, []);
  const signed = readyObject(place, "ca-certificate", { kind: "Certificate", name: ca }, caCertificateSpec, [root]);
  return readyObject(place, "ca-issuer", { kind: "Issuer", name: ca }, caIssuerSpec, [signed]);
}

/** One of cert-manager's objects, waited for until it says it is ready. */
function readyObject(
  { name, namespace, options }: Place,
  suffix: string,
  object: { kind: string; name: string },
  spec: pulumi.Input<object>,
  dependsOn: pulumi.Resource[],
): CustomResource {
  const annotations = { "pulumi.com/waitFor": "condition=Ready" };
  return new CustomResource(
    `${name}-${suffix}`,
    {
      apiVersion: certManagerApi,
      kind: object.kind,
      metadata: { name: object.name, namespace, labels, annotations },
      spec,
    },
    { ...options, dependsOn },
  );
}
