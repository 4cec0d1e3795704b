import { names, uiPrefix } from "./ingress.ts";

/** How an Ingress removes the prefix of a path, for a UI that does not know the prefix. */
export type Stripping = {
  path: string;
  pathType: "Prefix" | "ImplementationSpecific";
  annotations: Record<string, string>;
};

/** The object beside the Ingress that makes Traefik remove the prefix. */
export const middleware = {
  apiVersion: "traefik.io/v1alpha1",
  kind: "Middleware",
  name: `${names.ui}-prefix`,
  spec: { stripPrefix: { prefixes: [uiPrefix] } },
} as const;

export function isTraefik(controller: string): boolean {
  return controller === "traefik.io/ingress-controller";
}

/**
 * How this Ingress controller, the `spec.controller` of the Ingress' class, removes the prefix. Throws for an unknown
 * one.
 */
export function stripping(controller: string, className: string, namespace: string): Stripping {
  const known = [...means(namespace)].find(([pattern]) => pattern.test(controller));
  if (known === undefined)
    throw new Error(
      `variant.ui joxit needs the prefix ${uiPrefix}/ stripped from paths, and this program does not know how Ingress class ${className} (${controller}) does that; use ui: { kind: builtin }, or a class of Traefik, nginx or HAProxy`,
    );
  return known[1];
}

function* means(namespace: string): Iterable<[RegExp, Stripping]> {
  const plain = { path: `${uiPrefix}/`, pathType: "Prefix" } as const;
  yield [
    /^traefik\.io\/ingress-controller$/,
    {
      ...plain,
      annotations: {
        "traefik.ingress.kubernetes.io/router.middlewares": `${namespace}-${middleware.name}@kubernetescrd`,
      },
    },
  ];
  yield [
    /^k8s\.io\/ingress-nginx/,
    {
      path: `${uiPrefix}/(.*)`,
      pathType: "ImplementationSpecific",
      annotations: {
        "nginx.ingress.kubernetes.io/use-regex": "true",
        "nginx.ingress.kubernetes.io/rewrite-target": "/$1",
      },
    },
  ];
  // F5 NGINX Ingress Controller
  yield [
    /^nginx\.org\/ingress-controller/,
    { ...plain, annotations: { "nginx.org/rewrites": `serviceName=${names.ui} rewrite=/` } },
  ];
  // HAProxy Technologies' controller
  yield [
    /^haproxy\.org\/ingress-controller/,
    { ...plain, annotations: { "haproxy.org/path-rewrite": `${uiPrefix}/(.*) /\\1` } },
  ];
  // HAProxy Ingress, by the community
  yield [
    /^haproxy-ingress\.github\.io\/controller/,
    { ...plain, annotations: { "haproxy-ingress.github.io/rewrite-target": "/" } },
  ];
}
