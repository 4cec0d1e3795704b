import type * as pulumi from "@pulumi/pulumi";

/** Where a registry is and how to trust it: what every variant ends in, and all that comes after starts from. */
export type RegistryEndpoint = {
  /** `HOST[:PORT]`, no scheme, as it stands in image references. */
  host: string;
  /** `https://HOST[:PORT]`, or `http://` where the stack says `tls: none`. */
  url: string;
  /** PEM of the authority to trust. Empty where a public one signed. */
  ca: pulumi.Output<string>;
  /** Account → password, secret. */
  accounts: pulumi.Output<Record<string, string>>;
  /** What must be done before it answers. None where somebody else runs it. */
  served: pulumi.Resource[];
};
