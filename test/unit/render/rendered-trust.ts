import { crioRegistries } from "../../../render/crio-registries.ts";
import { insecureRegistry } from "../../../render/daemon-json.ts";
import { hostsLine } from "../../../render/hosts-line.ts";
import { hostsToml } from "../../../render/hosts-toml.ts";
import { localRegistryHosting } from "../../../render/local-registry-hosting.ts";
import { registriesConfig, registriesMirror } from "../../../render/registries-yaml.ts";

const host = "registry.example.org:5000";
const url = `https://${host}`;
const caFile = "/etc/rancher/k3s/registry.example.org_5000_.crt";

/** One file of each kind that a node is given, by its path among the snapshots. */
export const renderedTrust: Record<string, string> = {
  "trust-private-ca/hosts.toml": hostsToml({ host, url, caFile: "ca.crt" }),
  "trust-public-ca/hosts.toml": hostsToml({ host: "registry.example.org", url: "https://registry.example.org" }),
  "trust-plain/hosts.toml": hostsToml({ host, url: `http://${host}` }),
  "trust-elsewhere/hosts.toml": hostsToml({ host: "localhost:5002", url: "http://hostk8s-registry:5000" }),
  "trust-private-ca/mirrors.yaml": registriesMirror(host, url),
  "trust-private-ca/configs.yaml": registriesConfig({ host, caFile }) ?? "",
  "trust-account/configs.yaml":
    registriesConfig({
      host,
      caFile,
      auth: { username: "dana", password: `12:30 # "it's" \\ ${"long ".repeat(30)}` },
    }) ?? "",
  "trust-private-ca/registries.conf": crioRegistries({ host, insecure: false }),
  "trust-plain/registries.conf": crioRegistries({ host, insecure: true }),
  "trust-plain/daemon.json": insecureRegistry(host),
  "trust/hosts": hostsLine("192.0.2.10", "registry.example.org"),
  "trust/localRegistryHosting.v1": localRegistryHosting({ host, resolvesInPods: true }),
  "trust-hosts-entry/localRegistryHosting.v1": localRegistryHosting({ host, resolvesInPods: false }),
};
