import type * as pulumi from "@pulumi/pulumi";

/** The namespace and the resource options that a part of the registry is created with. */
export type Target = {
  /** The prefix of its resource names. */
  name: string;
  namespace: pulumi.Output<string>;
  /** Options of every resource that is created or read there: the parent and the cluster's provider. */
  options: pulumi.CustomResourceOptions;
};
