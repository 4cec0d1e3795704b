import { notSupported } from "../plugin/provider.ts";

export type Kind = { apiVersion: string; kind: string };

/** Resource types that are not single Kubernetes objects. */
const others = /^kubernetes:(helm\.sh|yaml|kustomize|index)[/:]/;

/** The Kubernetes kind of a type token, as in `kubernetes:apps/v1:Deployment` and `kubernetes:core/v1:Namespace`. */
export function kindOfToken(token: string): Kind {
  const [, group = "", kind = ""] = token.split(":");
  if (others.test(token) || !group.includes("/")) throw notSupported("kubernetes", `the resource type ${token}`);
  return { apiVersion: group.replace(/^core\//, ""), kind };
}

/** Whether a type is the Patch type of a kind, which manages some fields of an existing object. */
export function isPatchOf(type: Kind, kind: string): boolean {
  return type.kind === `${kind}Patch`;
}
