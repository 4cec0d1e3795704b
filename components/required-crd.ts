import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import type * as pulumi from "@pulumi/pulumi";

export type Requirement = {
  /** The software that installs the CRD, as in `cert-manager`. */
  by: string;
  /** How to install that software: the URL of its guide, or a command. */
  installation: string;
};

/**
 * Reads a CRD that other software installs. All objects that need the CRD depend on this resource, so none of them is
 * created in a cluster without the CRD.
 */
export function requiredCrd(
  crd: string,
  { by, installation }: Requirement,
  options: pulumi.CustomResourceOptions,
): CustomResourceDefinition {
  // If the read fails, the engine prints this resource's name before the provider's error. So the name says what to do.
  return CustomResourceDefinition.get(`${by}, to be installed first: ${installation}`, crd, options);
}
