import type * as pulumi from "@pulumi/pulumi";

/** Where a part of the registry is made. */
export type Place = {
  /** What its resources' names begin with. */
  name: string;
  namespace: pulumi.Output<string>;
  /** For what is made or read there: the parent and the cluster's provider. */
  options: pulumi.CustomResourceOptions;
};
