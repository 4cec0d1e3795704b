export const webNamespace = "cluster-test";

/** A Deployment `web` with a pod on each node. Each pod is a web server that answers with its own name. */
export function web(image: string): object {
  const serve = "mkdir /www && hostname >/www/index.html && exec httpd -f -p 8080 -h /www";
  const apart = {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "DoNotSchedule",
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: { app: "web" } },
  };
  const container = {
    name: "web",
    image,
    command: ["sh", "-ec", serve],
    readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { terminationGracePeriodSeconds: 1, topologySpreadConstraints: [apart], containers: [container] },
      },
    },
  };
}

/** A Service that serves the pods of `web` on port 80. */
export function service(name: string, type: "ClusterIP" | "LoadBalancer"): object {
  const spec = { type, selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
}

/** An Ingress for `web` at the path `/`, or at another path, which the Middleware `strip-prefix` removes from requests. */
export function ingress(host: string, { name, path } = { name: "web", path: "/" }): object {
  const backend = { service: { name: "web", port: { number: 80 } } };
  const annotations = path === "/" ? {} : { [routerMiddlewares]: `${webNamespace}-strip-prefix@kubernetescrd` };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations },
    spec: { rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }] },
  };
}

export function stripPrefix(prefix: string): object {
  const spec = { stripPrefix: { prefixes: [prefix] } };
  return { apiVersion: "traefik.io/v1alpha1", kind: "Middleware", metadata: { name: "strip-prefix" }, spec };
}

const routerMiddlewares = "traefik.ingress.kubernetes.io/router.middlewares";
