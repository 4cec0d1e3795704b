/** The registry that nodes trust. */
export type TrustedRegistry = {
  /** `HOST[:PORT]`, with which the names of its images begin. */
  host: string;
  /** Other hosts with which the names of its images may begin. */
  aliases: readonly string[];
  /** The registry's URL. Its scheme is http only if the stack says `tls: none`. */
  url: string;
  /** URLs at which nodes connect to the registry, in the order in which they try them. */
  nodeUrls: readonly string[];
  /** The CA's PEM text. Empty if a public CA signed the certificate. */
  ca: string;
};
