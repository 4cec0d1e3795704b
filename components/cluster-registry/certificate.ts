import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { labels, names } from "../../render/cluster-registry/names.ts";
import { splitHost } from "../../settings/host-name.ts";
import type { ClusterVariant } from "../../settings/variant-cluster.ts";
import { PrivateCa } from "../private-ca.ts";
import type { Certificate } from "../registry-host.ts";
import { certManagerCertificate } from "./cert-manager.ts";
import type { Place } from "./target.ts";

export type ClusterCertificate = {
  /** PEM of the authority to trust. Empty where a public one signed, or nobody. */
  ca: pulumi.Output<string>;
  /** What makes the Secret that clients are shown. None without TLS. */
  made: pulumi.Resource[];
};

/** The certificate for the registry's name, as the Secret that the Ingress or the proxy shows. */
export function certificate(
  { tls }: ClusterVariant,
  host: pulumi.Output<string>,
  given: Certificate | undefined,
  place: Place,
): ClusterCertificate {
  const name = host.apply((host) => splitHost(host).name);
  switch (tls.kind) {
    case "private-ca": {
      const authority = new PrivateCa(`${place.name}-ca`, { ...tls, host: name }, { parent: place.options.parent });
      const secret = tlsSecret({ chain: authority.certificate, key: authority.privateKey }, place);
      return { ca: authority.ca, made: [secret] };
    }
    case "provided": {
      if (given === undefined) throw new Error("settings/secret-rules.ts let pass a certificate that is not there");
      return { ca: pulumi.output(""), made: [tlsSecret(given, place)] };
    }
    case "cert-manager":
      return certManagerCertificate(tls, name, place);
    case "none":
      return { ca: pulumi.output(""), made: [] };
  }
}

function tlsSecret({ chain, key }: Certificate, { name, namespace, options }: Place): Secret {
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
