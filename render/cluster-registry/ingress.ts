import { splitHost } from "../../settings/formats/host-name.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { names, tlsSecretName } from "./names.ts";

/** How long a client may take to send one layer, in seconds. */
const uploadSeconds = 900;

const nginx = "nginx.ingress.kubernetes.io";

/**
 * The annotations that long uploads need, by the `spec.controller` of the Ingress' class. Other controllers have no
 * annotation for it: Traefik's setting is an entrypoint's `respondingTimeouts.readTimeout`.
 */
const annotationsOf: { controller: RegExp; annotations: Record<string, string> }[] = [
  {
    controller: /^k8s\.io\/ingress-nginx/,
    annotations: {
      [`${nginx}/proxy-body-size`]: "0",
      [`${nginx}/proxy-request-buffering`]: "off",
      [`${nginx}/proxy-read-timeout`]: String(uploadSeconds),
      [`${nginx}/proxy-send-timeout`]: String(uploadSeconds),
    },
  },
  {
    // F5 NGINX Ingress Controller
    controller: /^nginx\.org\/ingress-controller/,
    annotations: {
      "nginx.org/client-max-body-size": "0",
      "nginx.org/proxy-read-timeout": `${uploadSeconds}s`,
      "nginx.org/proxy-send-timeout": `${uploadSeconds}s`,
    },
  },
  {
    // HAProxy Technologies' controller
    controller: /^haproxy\.org\/ingress-controller/,
    annotations: { "haproxy.org/timeout-server": `${uploadSeconds}s` },
  },
  {
    // HAProxy Ingress, by the community
    controller: /^haproxy-ingress\.github\.io\/controller/,
    annotations: {
      "haproxy-ingress.github.io/proxy-body-size": "unlimited",
      "haproxy-ingress.github.io/timeout-server": `${uploadSeconds}s`,
    },
  },
];

/**
 * An Ingress' annotations for a controller; those in the stack file override them. `controller` is "" if it is not
 * known.
 */
export function ingressAnnotations(controller: string, given: Record<string, string>): Record<string, string> {
  const known = annotationsOf.find((each) => each.controller.test(controller));
  return { ...known?.annotations, ...given };
}

/**
 * The spec of the Ingress that routes the registry's host name to its Service. `host` is `HOST[:PORT]` as in images.
 */
export function ingressSpec(host: string, { ingressClassName, tls }: ClusterVariant) {
  const { name } = splitHost(host);
  const service = { name: names.service, port: { name: "plain" } };
  return {
    ...(ingressClassName !== undefined && { ingressClassName }),
    ...(tls.kind !== "none" && { tls: [{ hosts: [name], secretName: tlsSecretName(tls) }] }),
    rules: [{ host: name, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
  };
}
