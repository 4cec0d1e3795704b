import { crioRegistries } from "../../../render/crio-registries.ts";
import { insecureRegistry } from "../../../render/daemon-json.ts";
import { hostsLine } from "../../../render/hosts-line.ts";
import { hostsToml } from "../../../render/hosts-toml.ts";
import { localRegistryHosting } from "../../../render/local-registry-hosting.ts";
import { registriesConfigs, registriesMirrors } from "../../../render/registries-yaml.ts";

const host = "registry.example.org:5000";
const url = `https://${host}`;
const urls = [url];
const plain = `http://${host}`;
const clusterIp = "http://10.96.0.10:5000";
const hybrid = ["http://hostk8s-registry.:5000"];
const auth = { username: "dana", password: "d4na" };
const caFile = "/etc/rancher/k3s/registry.example.org_5000_.crt";

/** One file of each kind that a node is given, by its path among the snapshots. */
export const renderedTrust: Record<string, string> = {
  "trust-private-ca/hosts.toml": hostsToml({ host, urls, caFile: "ca.crt" }),
  "trust-public-ca/hosts.toml": hostsToml({ host: "registry.example.org", urls: ["https://registry.example.org"] }),
  "trust-plain/hosts.toml": hostsToml({ host, urls: [plain] }),
  "trust-elsewhere/hosts.toml": hostsToml({ host: "localhost:5002", urls: hybrid }),
  "trust-cluster-ip/hosts.toml": hostsToml({ host, urls: [url, clusterIp], caFile: "ca.crt" }),
  "trust-private-ca/mirrors.yaml": registriesMirrors([host], urls),
  "trust-private-ca/configs.yaml": registriesConfigs({ urls, caFile }) ?? "",
  "trust-cluster-ip/mirrors.yaml": registriesMirrors([host, "registry:5000"], [url, clusterIp]),
  "trust-cluster-ip/configs.yaml": registriesConfigs({ urls: [url, clusterIp], caFile, auth }) ?? "",

  "trust-account/configs.yaml":
    registriesConfigs({
      urls,
      caFile,
      auth: { username: "dana", password: `12:30 # "it's" \\ ${"long ".repeat(30)}` },
    }) ?? "",
  "trust-private-ca/registries.conf": crioRegistries({ host, urls }),
  "trust-cluster-ip/registries.conf": crioRegistries({ host, urls: [url, clusterIp] }),
  "trust-elsewhere/registries.conf": crioRegistries({ host: "localhost:5002", urls: hybrid }),
  "trust-plain/registries.conf": crioRegistries({ host, urls: [plain] }),
  "trust-plain/daemon.json": insecureRegistry(host),
  "trust/hosts": hostsLine("192.0.2.10", "registry.example.org"),
  "trust/localRegistryHosting.v1": localRegistryHosting({ host, nodeUrls: urls, resolvesInPods: true }),
  "trust-hosts-entry/localRegistryHosting.v1": localRegistryHosting({ host, nodeUrls: urls, resolvesInPods: false }),
  "trust-elsewhere/localRegistryHosting.v1": localRegistryHosting({
    host: "localhost:5002",
    nodeUrls: hybrid,
    resolvesInPods: true,
  }),
  "trust-cluster-ip/localRegistryHosting.v1": localRegistryHosting({
    host,
    nodeUrls: [url, clusterIp],
    resolvesInPods: true,
  }),
};
