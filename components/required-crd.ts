import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import type * as pulumi from "@pulumi/pulumi";

export type Requirement = {
  /** Who brings it into the cluster, as in `cert-manager`. */
  by: string;
  /** Where it says how. */
  installation: string;
};

/**
 * A kind of object that somebody else brings into the cluster. Whatever is made by it or beside it depends on this, so
 * that in a cluster without it nothing is made at all.
 */
export function requiredCrd(
  crd: string,
  { by, installation }: Requirement,
  options: pulumi.CustomResourceOptions,
): CustomResourceDefinition {
  // The engine ends the program at a read that fails, and prints the resource's name before the provider's bare words.
  return CustomResourceDefinition.get(`${by}, to be installed first: ${installation}`, crd, options);
}
