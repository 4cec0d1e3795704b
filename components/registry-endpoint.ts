import * as pulumi from "@pulumi/pulumi";

/** Where a registry is and how to trust it: what every variant ends in, and all that comes after starts from. */
export type RegistryEndpoint = {
  /** `HOST[:PORT]`, no scheme, as it stands in image references. Known late where a load balancer's address is in it. */
  host: pulumi.Output<string>;
  /** `https://HOST[:PORT]`, or `http://` where the stack says `tls: none`. */
  url: pulumi.Output<string>;
  /** What else images of the same registry are named by, as in `hostk8s-registry:5000`. */
  aliases: string[];
  /** Where nodes find it, scheme included, in the order they try: mostly `url` alone. */
  nodeUrls: pulumi.Output<string[]>;
  /** PEM of the authority to trust. Empty where a public one signed. */
  ca: pulumi.Output<string>;
  /** Account → password, secret. */
  accounts: pulumi.Output<Record<string, string>>;
  /** What must be done before it answers; where somebody else runs it, before its credentials are handed on. */
  served: pulumi.Resource[];
};

/** Of a registry that is where its name says, and nowhere else. */
export function addressed(host: string, scheme: "http" | "https") {
  const url = `${scheme}://${host}`;
  return { host: pulumi.output(host), url: pulumi.output(url), aliases: [], nodeUrls: pulumi.output([url]) };
}
