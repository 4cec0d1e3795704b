import { IngressClass } from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import * as pulumi from "@pulumi/pulumi";

/** Whose an Ingress class is, as its `spec.controller` says; empty for the cluster's default one. */
export function ingressController(
  className: string | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (className === undefined) return pulumi.output("");
  // The engine ends the program at a read that fails, and prints the resource's name before the provider's bare words.
  const name = `variant.ingressClassName ${className}, to be one of: kubectl get ingressclasses`;
  return IngressClass.get(name, className, options).spec.controller;
}

/**
 * How an Ingress is changed. The cluster's default class is given to new ones alone; and a controller may refuse another of
 * the same name and path, as in another namespace, while the old one is there.
 */
export function ingressOptions(className: string | undefined) {
  return { deleteBeforeReplace: true, replaceOnChanges: className === undefined ? ["spec.ingressClassName"] : [] };
}
