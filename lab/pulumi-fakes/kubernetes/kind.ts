import { notSupported } from "../plugin/provider.ts";

export type Kind = { apiVersion: string; kind: string };

/** Types that are no Kubernetes objects, or only part of one. */
const others = /^kubernetes:(helm\.sh|yaml|kustomize|index)[/:]/;

/** What a type token names, as in `kubernetes:apps/v1:Deployment` and `kubernetes:core/v1:Namespace`. */
export function kindOfToken(token: string): Kind {
  const [, group = "", kind = ""] = token.split(":");
  if (others.test(token) || !group.includes("/")) throw notSupported("kubernetes", `the resource type ${token}`);
  return { apiVersion: group.replace(/^core\//, ""), kind };
}

/** A type that holds some fields of somebody else's object. */
export function isPatchOf(type: Kind, kind: string): boolean {
  return type.kind === `${kind}Patch`;
}
