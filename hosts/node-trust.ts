import { crioRegistries } from "../render/crio-registries.ts";
import { insecureRegistry } from "../render/daemon-json.ts";
import { hostsLine } from "../render/hosts-line.ts";
import { hostsToml } from "../render/hosts-toml.ts";
import { type RegistryAccess, registriesConfig, registriesMirror } from "../render/registries-yaml.ts";
import { registryDirectory } from "../render/registry-directory.ts";
import type { Connection } from "../settings/connection.ts";
import { splitHost } from "../settings/host-name.ts";
import type { Node, Runtime } from "../settings/nodes.ts";
import type { Bundle, BundleEntry, BundleFile, EntryFormat } from "./bundle.ts";
import { shellFiles } from "./shell.ts";

/** One machine that pulls; a kind cluster is several. */
export type TrustingNode = Pick<Node, "runtime" | "hostsEntry" | "restart" | "verify" | "generation"> & {
  /** What errors call it. */
  machine: string;
  connection: Connection;
};

/** What to trust. */
export type TrustedRegistry = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** With the scheme: http only where the stack says `tls: none`. */
  url: string;
  /** PEM. Empty where a public authority signed. */
  ca: string;
  /** What `verify: pull` pulls. */
  probeImage: string;
};

/** What one runtime is told, and the shell functions that have it listen. */
type RuntimeTrust = {
  caFile: string;
  files?: BundleFile[];
  entries?: BundleEntry[];
  /** The format of its entries. @default none has any */
  format?: EntryFormat;
  /** For the script. */
  variables?: Record<string, string>;
  script: string[];
};

/** `hasCa`: whether there will be a file at `caFile`. */
type Told = Pick<TrustedRegistry, "host" | "url"> & { hasCa: boolean };

const runtimes = {
  microk8s: (told) => certsDirectory("/var/snap/microk8s/current/args/certs.d", told, ["microk8s"]),
  containerd: (told) => certsDirectory("@certs.d", told, ["containerd", "containerd-switch"]),
  k3s: (told) => registriesYaml("/etc/rancher/k3s", told, "k3s k3s-agent"),
  rke2: (told) => registriesYaml("/etc/rancher/rke2", told, "rke2-server rke2-agent"),
  docker,
  "cri-o": crio,
} satisfies Record<Runtime, (told: Told) => RuntimeTrust>;

/** What makes one node trust the registry. `withSecrets`: nodeTrustSecretEntries has the rest. */
export function nodeTrustBundle(node: TrustingNode, registry: TrustedRegistry, withSecrets = false): Bundle {
  const { runtime, hostsEntry, connection } = node;
  const { host, url, ca } = registry;
  const told = { host, url, hasCa: ca !== "" };
  const { caFile, files = [], entries = [], format, variables, script }: RuntimeTrust = runtimes[runtime](told);
  const open = withSecrets ? [] : configEntries(runtime, registry);
  return {
    name: `trust-${runtime}-${host.replace(":", "_")}`,
    reach: connection.kind,
    directories: [],
    files: [...(ca ? [file(caFile, ca)] : []), ...files],
    entries: [
      ...(hostsEntry === undefined
        ? []
        : [entry("hosts", "/etc/hosts", hostsLine(hostsEntry, splitHost(host).name), "-")]),
      ...entries,
      ...open,
    ],
    formats: ["hosts", ...(format ? [format] : [])],
    variables: { ...scriptVariables(node, registry), ca_file: ca && caFile, ...variables },
    script: shellFiles(new URL("./node-trust/", import.meta.url), ["common", "verify", ...script]),
  };
}

/** The entries that no preview shows: whose credentials the node pulls with. */
export function nodeTrustSecretEntries(
  { runtime }: TrustingNode,
  registry: TrustedRegistry,
  auth: RegistryAccess["auth"],
): BundleEntry[] {
  return configEntries(runtime, registry, auth);
}

function certsDirectory(root: string, { host, url, hasCa }: Told, script: string[]): RuntimeTrust {
  const directory = `${root}/${registryDirectory(host)}`;
  const hosts = hostsToml({ host, url, caFile: hasCa ? "ca.crt" : undefined });
  return { caFile: `${directory}/ca.crt`, files: [file(`${directory}/hosts.toml`, hosts)], script };
}

function registriesYaml(root: string, { host, url }: Told, units: string): RuntimeTrust {
  return {
    caFile: `${root}/${registryDirectory(host)}.crt`,
    entries: [entry("registries-yaml", `${root}/registries.yaml`, registriesMirror(host, url), "restart")],
    format: "registries-yaml",
    variables: { registries_directory: root, units },
    script: ["k3s"],
  };
}

function docker({ host, url }: Told): RuntimeTrust {
  const insecure = entry("daemon-json", "/etc/docker/daemon.json", insecureRegistry(host), "reload");
  return {
    caFile: `/etc/docker/certs.d/${host}/ca.crt`,
    entries: isPlain(url) ? [insecure] : [],
    format: "daemon-json",
    script: ["docker"],
  };
}

function crio({ host, url }: Told): RuntimeTrust {
  const path = `/etc/containers/registries.conf.d/container-registry-${registryDirectory(host)}.conf`;
  return {
    caFile: `/etc/containers/certs.d/${host}/ca.crt`,
    files: [file(path, crioRegistries({ host, insecure: isPlain(url) }), "reload")],
    script: ["cri-o"],
  };
}

/** What registries.yaml says under `configs`, of the runtimes that have one. */
function configEntries(runtime: Runtime, { host, url, ca }: TrustedRegistry, auth?: RegistryAccess["auth"]) {
  const { caFile, entries = [] } = runtimes[runtime]({ host, url, hasCa: ca !== "" }) as RuntimeTrust;
  const config = registriesConfig({ host, caFile: ca ? caFile : undefined, auth });
  return entries.flatMap(({ path, format }) =>
    format === "registries-yaml" && config !== undefined ? [entry(format, path, config, "restart")] : [],
  );
}

function scriptVariables(node: TrustingNode, { host, url, probeImage }: TrustedRegistry): Record<string, string> {
  return {
    machine: node.machine,
    runtime: node.runtime,
    registry_url: url,
    registry_host: host,
    registry_name: splitHost(host).name,
    plain_http: String(isPlain(url)),
    restart: String(node.restart),
    verify_by: node.verify,
    probe_image: probeImage,
    generation: node.generation,
  };
}

function isPlain(url: string): boolean {
  return url.startsWith("http:");
}

function file(path: string, text: string, action = "-"): BundleFile {
  return { path, mode: "0644", action, text };
}

function entry(format: BundleEntry["format"], path: string, text: string, action: string): BundleEntry {
  return { format, path, action, text };
}
