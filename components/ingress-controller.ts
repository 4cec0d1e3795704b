import { IngressClass } from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import * as pulumi from "@pulumi/pulumi";

/** The controller of an Ingress class, from its `spec.controller`. Empty for the cluster's default class. */
export function ingressController(
  className: string | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (className === undefined) return pulumi.output("");
  // If the read fails, the engine prints this resource's name before the provider's error. So the name says what to do.
  const name = `variant.ingressClassName ${className}, to be one of: kubectl get ingressclasses`;
  return IngressClass.get(name, className, options).spec.controller;
}

/**
 * Resource options of an Ingress. When the stack file no longer names a class, the Ingress is replaced, since
 * Kubernetes sets the default class on new objects only. The old Ingress is deleted first: a controller may refuse a
 * second Ingress with the same host and path, even in another namespace.
 */
export function ingressOptions(className: string | undefined) {
  return { deleteBeforeReplace: true, replaceOnChanges: className === undefined ? ["spec.ingressClassName"] : [] };
}
