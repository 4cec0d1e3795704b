import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import type * as pulumi from "@pulumi/pulumi";

export type Requirement = {
  /** The software that installs it, as in `cert-manager`. */
  by: string;
  /** URL of its installation guide. */
  installation: string;
};

/**
 * Reads a CRD that other software installs. Everything that needs it depends on this resource, so nothing is created in a
 * cluster without it.
 */
export function requiredCrd(
  crd: string,
  { by, installation }: Requirement,
  options: pulumi.CustomResourceOptions,
): CustomResourceDefinition {
  // When a read fails, the engine prints the resource's name before the provider's error: so the name says what to do.
  return CustomResourceDefinition.get(`${by}, to be installed first: ${installation}`, crd, options);
}
