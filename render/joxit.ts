import { restrictedPod } from "./restricted-pod.ts";

/** The port that joxit's container listens on, as a user other than root. */
export const joxitPort = 8080;

/** The user `nginx` of its image. It owns the files that the entrypoint writes the settings into. */
export const joxitUser = 101;

/**
 * The environment of joxit/docker-registry-ui. Its features that need a login are off: it requests tokens by a scope, which
 * the proxy's challenge does not have.
 * @see https://github.com/Joxit/docker-registry-ui#available-options
 */
export function joxitEnvironment(host: string): Record<string, string> {
  return {
    // The registry's API is at the root of the UI's own origin. joxit treats a bare `/` as an empty value.
    REGISTRY_URL: "/.",
    REGISTRY_TITLE: host,
    PULL_URL: host,
    SINGLE_REGISTRY: "true",
    DELETE_IMAGES: "false",
    SHOW_CONTENT_DIGEST: "true",
    // Otherwise the browser asks GitHub for newer versions.
    ENABLE_VERSION_NOTIFICATION: "false",
    NGINX_LISTEN_PORT: String(joxitPort),
  };
}

/**
 * joxit's pod, within the pod security standard `restricted`. Its root file system is writable, since the image's
 * entrypoint changes files there.
 */
export function joxitPod(image: string, host: string) {
  const env = Object.entries(joxitEnvironment(host)).map(([name, value]) => ({ name, value }));
  return {
    ...restrictedPod(joxitUser),
    containers: [
      {
        name: "page",
        image,
        imagePullPolicy: "IfNotPresent",
        env,
        ports: [{ name: "http", containerPort: joxitPort }],
        readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 2 },
        livenessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 30, timeoutSeconds: 5 },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
      },
    ],
  };
}
