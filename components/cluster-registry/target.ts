import type * as pulumi from "@pulumi/pulumi";

/** Where and how a part of the registry is created. */
export type Target = {
  /** The prefix of its resource names. */
  name: string;
  namespace: pulumi.Output<string>;
  /** Options of every resource that is created or read there: the parent and the cluster's provider. */
  options: pulumi.CustomResourceOptions;
};
