import type * as pulumi from "@pulumi/pulumi";

/** A certificate and its key, both PEM. The chain starts with the registry's own certificate. */
export type Certificate = { chain: pulumi.Input<string>; key: pulumi.Input<string> };
