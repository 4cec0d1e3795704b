import { block, caddyText, paragraphs } from "../caddy/block.ts";
import { garbageCollection } from "../process-environment.ts";
import { ui } from "../proxy/ui.ts";
import { restrictedPod } from "../restricted-pod.ts";
import { uiPrefix } from "./ingress.ts";

/** The pod's port behind the Service's port 80: above 1023, so that it needs no capability. */
const port = 8080;

const memoryMib = 64;

/** The user id of the pod, which is that of `nonroot` in distroless images. */
const user = 65532;

/** The Caddyfile of the pod that serves the UI below `/registry/`. `host` is the registry's name in images. */
export function uiCaddyfile(host: string): string {
  return caddyText(
    paragraphs(
      [block("", ["admin off", "persist_config off", "auto_https off"])],
      [ui({ kind: "files", root: "/srv/ui" }, host, uiPrefix)],
      [block(`http://:${port}`, ["respond /healthz 200", "import ui"])],
    ),
  );
}

export const uiServicePorts = [{ name: "http", port: 80, targetPort: port, protocol: "TCP" }];

export type UiPod = {
  /** Caddy's image by digest, which the nodes pull. */
  image: string;
  /** The names of the ConfigMaps with the Caddyfile and with the UI's files. */
  config: string;
  files: string;
};

/** A pod that serves the UI's files, within the pod security standard `restricted`. */
export function uiPodSpec({ image, config, files }: UiPod) {
  return {
    ...restrictedPod(user),
    containers: [
      {
        name: "caddy",
        image,
        command: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
        env: Object.entries({ XDG_CONFIG_HOME: "/tmp", XDG_DATA_HOME: "/tmp", ...garbageCollection(memoryMib) }).map(
          ([name, value]) => ({ name, value }),
        ),
        ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
        readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 2 },
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: `${memoryMib}Mi` } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          // Caddy's binary in the official image has this file capability, and does not start in a container without
          // it.
          capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
        },
        volumeMounts: [
          { name: "config", mountPath: "/etc/caddy", readOnly: true },
          { name: "page", mountPath: "/srv/ui", readOnly: true },
          { name: "scratch", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: config } },
      { name: "page", configMap: { name: files } },
      { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
    ],
  };
}
