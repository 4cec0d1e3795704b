import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { labels, names } from "../../render/cluster-registry/names.ts";
import { splitHost } from "../../settings/formats/host-name.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { PrivateCa } from "../private-ca.ts";
import type { Certificate } from "../tls-certificate.ts";
import { createCertManagerCertificate } from "./cert-manager.ts";
import type { ClusterCertificate } from "./cluster-certificate.ts";
import type { Target } from "./target.ts";

/** The certificate for the registry's name, as the Secret that the Ingress or the proxy reads. */
export function createCertificate(
  { tls }: ClusterVariant,
  host: pulumi.Output<string>,
  given: Certificate | undefined,
  target: Target,
): ClusterCertificate {
  const name = host.apply((host) => splitHost(host).name);
  switch (tls.kind) {
    case "private-ca": {
      const ca = new PrivateCa(`${target.name}-ca`, { ...tls, host: name }, { parent: target.options.parent });
      const secret = tlsSecret({ chain: ca.certificate, key: ca.privateKey }, target);
      return { ca: ca.ca, created: [secret] };
    }
    case "provided": {
      if (given === undefined)
        throw new Error("settings/secret-rules.ts accepted tls: provided without the secret tlsCertificate");
      return { ca: pulumi.output(""), created: [tlsSecret(given, target)] };
    }
    case "cert-manager":
      return createCertManagerCertificate(tls, name, target);
    case "none":
      return { ca: pulumi.output(""), created: [] };
  }
}

function tlsSecret({ chain, key }: Certificate, { name, namespace, options }: Target): Secret {
  return new Secret(
    `${name}-tls`,
    {
      metadata: { name: names.tls, namespace, labels },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": chain, "tls.key": key },
    },
    options,
  );
}
