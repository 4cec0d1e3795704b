/** Where joxit's page listens when it does not run as root. */
export const joxitPort = 8080;

/** The user `nginx` of its image, whose files are the ones that its entrypoint writes the settings into. */
export const joxitUser = 101;

/**
 * What joxit/docker-registry-ui reads at its start. Only what needs no login: it asks for tokens by a scope, which the
 * proxy's challenge does not name.
 * @see https://github.com/Joxit/docker-registry-ui#available-options
 */
export function joxitEnvironment(host: string): Record<string, string> {
  return {
    // The API at the root of whatever name the page was opened by; a bare `/` it takes for none given.
    REGISTRY_URL: "/.",
    REGISTRY_TITLE: host,
    PULL_URL: host,
    SINGLE_REGISTRY: "true",
    DELETE_IMAGES: "false",
    SHOW_CONTENT_DIGEST: "true",
    // Else the browser asks GitHub.
    ENABLE_VERSION_NOTIFICATION: "false",
    NGINX_LISTEN_PORT: String(joxitPort),
  };
}

/** Its pod: within the pod standard `restricted`. Not read-only, since its entrypoint writes into its own pages. */
export function joxitPod(image: string, host: string) {
  const env = Object.entries(joxitEnvironment(host)).map(([name, value]) => ({ name, value }));
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: joxitUser,
      runAsGroup: joxitUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
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
