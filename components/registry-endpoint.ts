import * as pulumi from "@pulumi/pulumi";

/** Where a registry is and how to trust it. Every variant returns one, and nodes and consumers need nothing else. */
export type RegistryEndpoint = {
  /**
   * `HOST[:PORT]` as in image references, without a scheme. If it contains the address of a new load balancer, it is
   * unknown until that balancer is created.
   */
  host: pulumi.Output<string>;
  /** `https://HOST[:PORT]`, or `http://` where the stack says `tls: none`. */
  url: pulumi.Output<string>;
  /** Other hosts in references to this registry's images, as in `hostk8s-registry:5000`. */
  aliases: string[];
  /** URLs that nodes pull from, in the order they try them. Mostly only `url`. */
  nodeUrls: pulumi.Output<string[]>;
  /** PEM of the CA to trust. Empty with a public CA and without TLS. */
  ca: pulumi.Output<string>;
  /** Account → password, secret. */
  accounts: pulumi.Output<Record<string, string>>;
  /** Resources that must exist before nodes or consumers use the registry. */
  served: pulumi.Resource[];
};

/** The address fields of a registry that clients and nodes reach by the same host name. */
export function addressed(host: string, scheme: "http" | "https") {
  const url = `${scheme}://${host}`;
  return { host: pulumi.output(host), url: pulumi.output(url), aliases: [], nodeUrls: pulumi.output([url]) };
}
