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
import type { ClusterTls } from "../../settings/variants/tls.ts";
import type { ClusterCertificate } from "./cluster-certificate.ts";
import type { Target } from "./target.ts";

/**
 * A certificate by cert-manager, which runs in the cluster: signed by a CA in this namespace, or by the stack's issuer.
 */
export function createCertManagerCertificate(
  tls: ClusterTls & { kind: "cert-manager" },
  name: pulumi.Output<string>,
  target: Target,
): ClusterCertificate {
  const { issuer } = tls;
  const issued = issuer === undefined ? [createCa(target)] : [];
  const certificate = createReadyObject(
    target,
    "certificate",
    { kind: "Certificate", name: certManagerNames.certificate },
    name.apply((name) => certificateSpec(name, issuer)),
    issued,
  );

  // This id is built from the Certificate's id, which is unknown until the Certificate exists. So the first preview
  // does not read the Secret, which does not exist yet.
  const id = pulumi
    .all([target.namespace, certificate.id])
    .apply(([namespace]) => `${namespace}/${tlsSecretName(tls)}`);
  const { data } = Secret.get(`${target.name}-tls-issued`, id, { ...target.options, dependsOn: certificate });
  const ca = data.apply((data) => Buffer.from(data["ca.crt"] ?? "", "base64").toString());
  // The CA's certificate is public, unlike the rest of the Secret.
  return { ca: pulumi.unsecret(ca), created: [certificate] };
}

/** Self-signed issuer → the CA's certificate → an issuer that signs with it. */
function createCa(target: Target): CustomResource {
  const { selfSigned, ca } = certManagerNames;
  const root = createReadyObject(
    target,
    "self-signed-issuer",
    { kind: "Issuer", name: selfSigned },
    selfSignedIssuerSpec,
    [],
  );
  const signed = createReadyObject(target, "ca-certificate", { kind: "Certificate", name: ca }, caCertificateSpec, [
    root,
  ]);
  return createReadyObject(target, "ca-issuer", { kind: "Issuer", name: ca }, caIssuerSpec, [signed]);
}

/** Creates one of cert-manager's objects and waits until its condition Ready is true. */
function createReadyObject(
  { name, namespace, options }: Target,
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
