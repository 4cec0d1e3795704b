import { crioRegistries } from "../../render/crio-registries.ts";
import { insecureRegistry } from "../../render/daemon-json.ts";
import { hostsLine } from "../../render/hosts-line.ts";
import { hostsToml } from "../../render/hosts-toml.ts";
import { addressOf, isPlain } from "../../render/node-url.ts";
import { type RegistryAccess, registriesConfigs, registriesMirrors } from "../../render/registries-yaml.ts";
import { registryDirectory } from "../../render/registry-directory.ts";
import type { TrustedRegistry } from "../../render/trusted-registry.ts";
import type { Connection } from "../../settings/connection.ts";
import { splitHost } from "../../settings/formats/host-name.ts";
import type { Node, Runtime } from "../../settings/nodes.ts";
import type { Bundle, BundleEntry, BundleFile, EntryFormat } from "../apply/bundle.ts";
import { shellFiles } from "../shell.ts";

/**
 * How long a node may take to be Ready again after a restart, in seconds.
 * @default 180
 */
const readySeconds = 180;

/** One machine that pulls images. A kind cluster consists of several such machines, one for each node. */
export type TrustingNode = Pick<Node, "runtime" | "hostsEntry" | "restart" | "takeOver" | "verify" | "generation"> & {
  /** The machine's name in errors. */
  machine: string;
  connection: Connection;
};

/** The registry that nodes trust, and prove that they do. */
export type ProbedRegistry = TrustedRegistry & {
  /** The image that `verify: pull` pulls. */
  probeImage: string;
};

/** Files and entries by which one runtime trusts the registry, and the scripts that make the runtime read them. */
type RuntimeTrust = {
  /** Paths of the files in which the runtime looks for the CA. */
  caFiles: [string, ...string[]];
  /** URLs at which the runtime looks for the registry. */
  urls: readonly string[];
  files?: BundleFile[];
  entries?: BundleEntry[];
  /** The format of the runtime's entries. @default none: it has files only */
  format?: EntryFormat;
  /** Shell variables for the script. */
  variables?: Record<string, string>;
  script: string[];
};

/** What a runtime's function knows about the registry. `hasCa`: whether a CA is written to each of `caFiles`. */
type Told = Pick<ProbedRegistry, "host" | "aliases" | "url" | "nodeUrls"> & { hasCa: boolean };

const runtimes = {
  microk8s: (told) => certsDirectory("/var/snap/microk8s/current/args/certs.d", told, ["microk8s"]),
  containerd: (told) =>
    certsDirectory("@certs.d", told, [
      "containerd",
      "containerd-switch",
      "containerd-add-lines.awk",
      "containerd-remove-lines.awk",
    ]),
  k3s: (told) => registriesYaml("/etc/rancher/k3s", told, "k3s k3s-agent"),
  rke2: (told) => registriesYaml("/etc/rancher/rke2", told, "rke2-server rke2-agent"),
  docker,
  "cri-o": crio,
} satisfies Record<Runtime, (told: Told) => RuntimeTrust>;

/**
 * The bundle that makes one node trust the registry. `withSecrets` leaves out the `configs` entries of registries.yaml;
 * nodeTrustSecretEntries then has them, with credentials.
 */
export function nodeTrustBundle(node: TrustingNode, registry: ProbedRegistry, withSecrets = false): Bundle {
  const { machine, runtime, hostsEntry } = node;
  const { host, ca } = registry;
  const { caFiles, urls, files = [], entries = [], format, variables, script } = runtimeTrust(runtime, registry);
  const open = withSecrets ? [] : configEntries(runtime, registry);
  return {
    // The name does not contain the registry, so that one apply replaces the old registry's files with the new one's.
    name: `trust-${runtime}-${machine}`,
    owners: "several",
    entryLabel: `trust-${runtime}-${host.replace(":", "_")}`,
    directories: [],
    files: [...(ca ? caFiles.map((path) => file(path, ca)) : []), ...files],
    entries: [
      ...(hostsEntry === undefined
        ? []
        : [entry("hosts", "/etc/hosts", hostsLine(hostsEntry, splitHost(host).name), "-")]),
      ...entries,
      ...open,
    ],
    formats: ["hosts", ...(format ? [format] : [])],
    variables: { ...scriptVariables(node, registry, urls), ca_file: ca && caFiles[0], ...variables },
    script: shellFiles(new URL("./", import.meta.url), ["common", "verify", ...script]),
  };
}

/** The entries with the credentials that the node pulls with. No preview shows them. */
export function nodeTrustSecretEntries(
  { runtime }: TrustingNode,
  registry: ProbedRegistry,
  auth: RegistryAccess["auth"],
): BundleEntry[] {
  return configEntries(runtime, registry, auth);
}

function runtimeTrust(runtime: Runtime, { ca, ...registry }: ProbedRegistry): RuntimeTrust {
  return runtimes[runtime]({ ...registry, hasCa: ca !== "" });
}

function certsDirectory(root: string, told: Told, script: string[]): RuntimeTrust {
  const { host, aliases, nodeUrls: urls, hasCa } = told;
  const caFile = hasCa ? "ca.crt" : undefined;
  const path = (name: string, file: string) => `${root}/${registryDirectory(name)}/${file}`;
  return {
    caFiles: [path(host, "ca.crt"), ...aliases.map((alias) => path(alias, "ca.crt"))],
    urls,
    files: [host, ...aliases].map((name) => file(path(name, "hosts.toml"), hostsToml({ host: name, urls, caFile }))),
    script,
  };
}

function registriesYaml(root: string, { host, aliases, nodeUrls: urls }: Told, units: string): RuntimeTrust {
  const mirrors = registriesMirrors([host, ...aliases], urls);
  return {
    caFiles: [`${root}/${registryDirectory(host)}.crt`],
    urls,
    entries: [entry("registries-yaml", `${root}/registries.yaml`, mirrors, "restart")],
    format: "registries-yaml",
    variables: { registries_directory: root, units, ready_seconds: String(readySeconds) },
    script: ["k3s"],
  };
}

/** Docker connects only to the host in an image's name, so it uses neither `aliases` nor `nodeUrls`. */
function docker({ host, url }: Told): RuntimeTrust {
  const insecure = entry("daemon-json", "/etc/docker/daemon.json", insecureRegistry(host), "reload");
  return {
    caFiles: [`/etc/docker/certs.d/${host}/ca.crt`],
    urls: [url],
    entries: isPlain(url) ? [insecure] : [],
    format: "daemon-json",
    script: ["docker"],
  };
}

function crio({ host, aliases, nodeUrls: urls }: Told): RuntimeTrust {
  const path = (name: string) => `/etc/containers/registries.conf.d/container-registry-${registryDirectory(name)}.conf`;
  const others = urls.filter((url) => !isPlain(url) && addressOf(url) !== host);
  const caFile = (address: string) => `/etc/containers/certs.d/${address}/ca.crt`;
  return {
    caFiles: [caFile(host), ...others.map((url) => caFile(addressOf(url)))],
    urls,
    files: [host, ...aliases].map((name) => file(path(name), crioRegistries({ host: name, urls }), "reload")),
    script: ["cri-o"],
  };
}

/** Entries for the `configs` section of registries.yaml. A runtime without that file has none. */
function configEntries(runtime: Runtime, registry: ProbedRegistry, auth?: RegistryAccess["auth"]) {
  const { caFiles, urls, entries = [] } = runtimeTrust(runtime, registry);
  const configs = registriesConfigs({ urls, caFile: registry.ca ? caFiles[0] : undefined, auth });
  return entries.flatMap(({ path, format }) =>
    format === "registries-yaml" && configs !== undefined ? [entry(format, path, configs, "restart")] : [],
  );
}

function scriptVariables(
  node: TrustingNode,
  { host, url, probeImage }: ProbedRegistry,
  urls: readonly string[],
): Record<string, string> {
  return {
    machine: node.machine,
    runtime: node.runtime,
    registry_urls: urls.join(" "),
    registry_host: host,
    registry_name: splitHost(host).name,
    plain_http: String(isPlain(url)),
    restart: String(node.restart),
    take_over_entries: String(node.takeOver),
    verify_by: node.verify,
    probe_image: probeImage,
    generation: node.generation,
  };
}

function file(path: string, text: string, action = "-"): BundleFile {
  return { path, mode: "0644", action, text };
}

function entry(format: BundleEntry["format"], path: string, text: string, action: string): BundleEntry {
  return { format, path, action, text };
}
