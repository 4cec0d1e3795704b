import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A kind of object that somebody else brings into the cluster. What is made of it depends on this, so that a cluster
 * without it fails here, before anything is made. `missing` says whose it is and what to run.
 */
export function requiredCrd(
  name: string,
  crd: string,
  options: pulumi.CustomResourceOptions,
): CustomResourceDefinition {
  return CustomResourceDefinition.get(name, crd, options);
}
