import type * as pulumi from "@pulumi/pulumi";

/** What the registry in a cluster serves TLS with. */
export type ClusterCertificate = {
  /** PEM of the CA to trust. Empty with a public CA and without TLS. */
  ca: pulumi.Output<string>;
  /** The resources that create the Secret with the certificate. None without TLS. */
  created: pulumi.Resource[];
};
