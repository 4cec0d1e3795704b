import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { Account, AccountName } from "../../../settings/accounts.ts";
import { Connection } from "../../../settings/connection.ts";
import { Jenkins } from "../../../settings/consumers/jenkins.ts";
import { PipelineConfig } from "../../../settings/consumers/pipeline-config.ts";
import { parseWithProblems } from "../../../settings/errors/zod-problems.ts";
import { CredentialId } from "../../../settings/formats/credential-id.ts";
import { Generation } from "../../../settings/formats/generation.ts";
import { HostKey } from "../../../settings/formats/host-key.ts";
import {
  AddressOrNetwork,
  IpAddress,
  MachineAddress,
  RegistryHost,
  RegistryHostOrPlaceholder,
} from "../../../settings/formats/host-name.ts";
import { httpsUrl, httpUrl } from "../../../settings/formats/http-url.ts";
import { KubernetesName, Namespace, NamespacedName, StorageSize } from "../../../settings/formats/kubernetes-name.ts";
import { CertificateFile, LocalFile } from "../../../settings/formats/local-file.ts";
import { PathPrefix, RepositoryGlob } from "../../../settings/formats/repository-glob.ts";
import { MavenRegistry } from "../../../settings/maven-registry.ts";
import { RetentionRule } from "../../../settings/retention.ts";
import { ClusterVariant } from "../../../settings/variants/cluster.ts";
import { HostVariant } from "../../../settings/variants/host.ts";
import { Image } from "../../../settings/variants/image.ts";
import { ClusterTls, HostTls } from "../../../settings/variants/tls.ts";
import { hostKey } from "./stacks.ts";

const { storagePath, memory } = HostVariant.shape;
const { nodeNetworks } = ClusterVariant.shape;
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const jenkins = { url: "https://jenkins.example.org", user: "admin" };
const credential = { id: "registry", kind: "secret-text", of: "container" };
const all = { repositories: "**" };
const pipelines = { namespace: "jenkins" };
const withLanguages = (languages: string[]) => ({ prefix: "whanos", languages });
const acme = { kind: "acme", email: "ops@example.org" };

const accepted: [string, z.ZodType, unknown[]][] = [
  ["CredentialId", CredentialId, ["container-registry", "Registry_1.2"]],
  [
    "AccountName",
    AccountName,
    ["jenkins", "team-a", "robot_user", "first.last", "7", "007", "1e3", "t", "default", "a".repeat(63)],
  ],
  [
    "RetentionRule",
    RetentionRule,
    [
      { repositories: "team-a/**", keepLast: 10, keepDays: 30, keepTags: ["latest", "v*"], untaggedAfter: 7 },
      { ...all, untaggedAfter: 1 },
      { ...all, keepDays: 1 },
    ],
  ],
  ["PipelineConfig", PipelineConfig, [{ ...pipelines, baseImages: withLanguages(["c", "java"]) }]],
  ["Jenkins", Jenkins, [{ ...jenkins, credentials: [{ ...credential, folder: "team/my apps", domain: "d" }] }]],
  [
    "RegistryHost",
    RegistryHost,
    [
      "registry.example.org",
      "registry.example.org:5000",
      "203.0.113.5",
      "registry:443",
      "localhost",
      "xn--caf-dma.example",
    ],
  ],
  [
    "RegistryHostOrPlaceholder",
    RegistryHostOrPlaceholder,
    ["registry.{address}.nip.io", "registry.{address}.nip.io:8443", "{address}", "{address}:5000", "localhost"],
  ],
  ["nodeNetworks", nodeNetworks, [["203.0.113.0/24", "2001:db8::7"]]],
  ["MachineAddress", MachineAddress, ["203.0.113.5", "2001:db8::5", "node-1", "Node-1.example.org"]],
  ["IpAddress", IpAddress, ["192.0.2.10", "2001:db8::10", "::1"]],
  ["AddressOrNetwork", AddressOrNetwork, ["10.0.0.0/8", "203.0.113.7", "2001:db8::/32", "::1", "0.0.0.0/0", "::/0"]],
  ["PathPrefix", PathPrefix, ["", "p2c", "docker-internal/p2c", "a.b/c_d/e__f"]],
  ["RepositoryGlob", RepositoryGlob, ["**", "*", "a/**", "**/base", "a/*/b/**", "team-a/web.app"]],
  ["HostKey", HostKey, [hostKey, `${hostKey} root@registry`]],
  ["LocalFile", LocalFile, ["package.json"]],
  ["httpUrl", httpUrl(""), ["http://localhost:8080", "https://nexus.example.org/repository/x/"]],
  ["httpsUrl", httpsUrl(""), ["https://127.0.0.1:14000/dir"]],
  ["Namespace", Namespace, ["dso", "a-1"]],
  ["KubernetesName", KubernetesName, ["pipeline-config", "a.b"]],
  ["NamespacedName", NamespacedName, ["traefik/traefik"]],
  ["StorageSize", StorageSize, ["50Gi", "1Ti"]],
  ["Generation", Generation, ["", "2", "rebuilt-2027.01"]],
  ["storagePath", storagePath, ["/srv/data/registry", "/data/images", "/home/registry/v2.1"]],
  ["memory", memory, [{ registry: "2g" }, { proxy: "64m" }, {}]],
  [
    "Image",
    Image,
    [
      { reference: `docker.io/library/registry@${digest}` },
      { reference: `registry:3.1.1@${digest}` },
      { reference: digest, archive: "package.json" },
    ],
  ],
  ["HostTls", HostTls, [acme, { kind: "private-ca", validityDays: 90, renewBeforeDays: 20 }, { kind: "none" }]],
  ["ClusterTls", ClusterTls, [{ kind: "cert-manager", issuer: "ClusterIssuer/letsencrypt" }, { kind: "cert-manager" }]],
  ["Connection", Connection, [{ kind: "local" }, { kind: "docker-container", name: "kind-control-plane" }]],
  [
    "Account",
    Account,
    [
      { name: "dana", pull: ["**"], expires: "2027-03-31" },
      { name: "leap", expires: "2028-02-29" },
    ],
  ],
];

type Rejection = [string, z.ZodType, unknown, string];

const refused: Rejection[] = [
  ["RegistryHost", RegistryHost, "https://registry.example.org", "no scheme, no path"],
  ["RegistryHost", RegistryHost, "registry.example.org/p2c", "no scheme, no path"],
  ["RegistryHost", RegistryHost, "Registry.example.org", "in lower case"],
  ["RegistryHost", RegistryHost, "registry_1.example.org", "as in registry.example.org:5000"],
  ["RegistryHost", RegistryHost, "-a.example.org", "a host name"],
  ["RegistryHost", RegistryHost, "300.1.1.1", "a host name"],
  ["RegistryHost", RegistryHost, "registry.example.org:", "a host name"],
  ["RegistryHost", RegistryHost, "registry.example.org:0", "a host name"],
  ["RegistryHost", RegistryHost, "registry.example.org:65536", "a host name"],
  ["RegistryHost", RegistryHost, "registry.example.org:05000", "a host name"],
  ["RegistryHost", RegistryHost, "[2001:db8::1]:5000", "a host name"],
  ["RegistryHost", RegistryHost, "", "a host name"],
  ["RegistryHost", RegistryHost, "registry", "take one word without a port for a Docker Hub name"],
  ["RegistryHost", RegistryHost, "registry.{address}.nip.io", "a host name"],
  ["RegistryHostOrPlaceholder", RegistryHostOrPlaceholder, "registry.{adress}.nip.io", "a host name"],
  ["RegistryHostOrPlaceholder", RegistryHostOrPlaceholder, "registry", "take one word without a port"],
  ["nodeNetworks", nodeNetworks, [], "at least one, as in 10.0.0.0/8"],
  ["MachineAddress", MachineAddress, "203.0.113.5:22", "without port"],
  ["MachineAddress", MachineAddress, "[::1]", "without port and brackets"],
  ["MachineAddress", MachineAddress, "-oProxyCommand=sh", "as in 203.0.113.5"],
  ["IpAddress", IpAddress, "fe80::1%eth0", "as in 192.0.2.10"],
  ["IpAddress", IpAddress, "registry.example.org", "as in 192.0.2.10"],
  ["AddressOrNetwork", AddressOrNetwork, "10.0.0.0/33", "CIDR"],
  ["AddressOrNetwork", AddressOrNetwork, "10.0.0.0/08", "CIDR"],
  ["AddressOrNetwork", AddressOrNetwork, "10.0.0/8", "CIDR"],
  ["AddressOrNetwork", AddressOrNetwork, "10.0.0.0/8/8", "CIDR"],
  ["AddressOrNetwork", AddressOrNetwork, "2001:db8::/129", "CIDR"],
  ["AddressOrNetwork", AddressOrNetwork, "example.org", "CIDR"],
  ["CredentialId", CredentialId, "team/registry", "letters, digits, dots, dashes and underscores"],
  ["CredentialId", CredentialId, "../registry", "letters, digits"],
  ["CredentialId", CredentialId, "-registry", "letters, digits"],
  ["Jenkins", Jenkins, { ...jenkins, credentials: [{ ...credential, folder: "/team" }] }, "as in team/apps"],
  ["Jenkins", Jenkins, { ...jenkins, credentials: [{ ...credential, folder: "team/../apps" }] }, "as in team/apps"],
  [
    "RetentionRule",
    RetentionRule,
    all,
    "says nothing; say what stays: keepLast, keepDays or keepTags; or what goes: untaggedAfter",
  ],
  ["RetentionRule", RetentionRule, { ...all, keepLast: 0 }, "1 or more"],
  ["RetentionRule", RetentionRule, { ...all, keepDays: 1.5 }, "a whole number"],
  ["RetentionRule", RetentionRule, { ...all, keepTags: [] }, "at least one tag"],
  ["RetentionRule", RetentionRule, { ...all, keepTags: ["a/b"] }, "as in v*"],
  ["RetentionRule", RetentionRule, { ...all, keepTags: ["-v"] }, "as in v*"],
  ["PipelineConfig", PipelineConfig, { ...pipelines, baseImages: withLanguages(["c", "c"]) }, "each language once"],
  ["PipelineConfig", PipelineConfig, { ...pipelines, baseImages: withLanguages(["C++"]) }, "as in java"],
  ["PipelineConfig", PipelineConfig, { ...pipelines, baseImages: withLanguages([]) }, "at least one"],
  ["PathPrefix", PathPrefix, "/p2c", "without leading or trailing slash"],
  ["PathPrefix", PathPrefix, "p2c/", "without leading or trailing slash"],
  ["PathPrefix", PathPrefix, "P2C", "lower-case"],
  ["PathPrefix", PathPrefix, "a--b/..", "lower-case"],
  ["RepositoryGlob", RepositoryGlob, "team-*", "mixes text and wildcard in one segment"],
  ["RepositoryGlob", RepositoryGlob, "team-a/***", "mixes text and wildcard"],
  ["RepositoryGlob", RepositoryGlob, "/team-a/**", "empty segment"],
  ["RepositoryGlob", RepositoryGlob, "team-a//**", "empty segment"],
  ["RepositoryGlob", RepositoryGlob, "", "empty segment"],
  ["RepositoryGlob", RepositoryGlob, "Team-A/**", "no repository path"],
  ["RepositoryGlob", RepositoryGlob, "team-a/[ab]", "no repository path"],
  ["RepositoryGlob", RepositoryGlob, "team.a\n", "no repository path"],
  ["RepositoryGlob", RepositoryGlob, "a".repeat(256), "at most 255 characters"],
  ["HostKey", HostKey, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", "takes an ed25519 or ecdsa key"],
  ["HostKey", HostKey, `203.0.113.5 ${hostKey}`, "starts with a host name, as ssh-keyscan prints it"],
  ["HostKey", HostKey, hostKey.split(" ")[1], "with its type in front"],
  ["HostKey", HostKey, hostKey.slice(0, -9), "is cut off or damaged"],
  ["HostKey", HostKey, hostKey.replace("ssh-ed25519", "ecdsa-sha2-nistp256"), "is cut off or damaged"],
  ["HostKey", HostKey, "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "the machine's public key"],
  ["LocalFile", LocalFile, "no/such/file", "no such file on this machine"],
  ["LocalFile", LocalFile, "settings", "no such file on this machine"],
  ["LocalFile", LocalFile, "a\0b", "no such file on this machine"],
  ["CertificateFile", CertificateFile, "package.json", "holds no PEM certificate"],
  ["CertificateFile", CertificateFile, "no/such/file", "no such file"],
  ["httpUrl", httpUrl("x"), "ftp://example.org", "an http or https URL"],
  ["httpUrl", httpUrl("x"), "https://user@example.org", "without user"],
  ["httpUrl", httpUrl("x"), "https://example.org/?a=b", "without user, query"],
  ["httpUrl", httpUrl("x"), "https://example.org:99999/", "an http or https URL"],
  ["httpsUrl", httpsUrl("x"), "http://example.org", "an https URL"],
  ...["{env.HOME}", "{$HOME}", '"', "`", "\\", "a|b", "<", "^"].map(
    (path): Rejection => ["httpsUrl", httpsUrl("x"), `https://example.org/${path}`, "an https URL"],
  ),
  ["Namespace", Namespace, "Dso", "a Kubernetes name"],
  ["Namespace", Namespace, "a.b", "a Kubernetes name"],
  ["KubernetesName", KubernetesName, "-a", "a Kubernetes name"],
  ["NamespacedName", NamespacedName, "traefik", "a namespace and a name"],
  ["StorageSize", StorageSize, "50GB", "as in 50Gi"],
  ["Generation", Generation, "a b", "letters, digits"],
  ["storagePath", storagePath, "data/registry", "an absolute path"],
  ["storagePath", storagePath, "/srv/../etc", "an absolute path"],
  ["storagePath", storagePath, "/srv", "at least two plain segments"],
  ["storagePath", storagePath, "/srv/data/a:ro", "plain segments"],
  ["storagePath", storagePath, "/srv/data", "lies in or above a folder"],
  ["storagePath", storagePath, "/srv/data/caddy/images", "lies in or above a folder"],
  ["storagePath", storagePath, "/etc/container-registry", "lies in or above a folder"],
  ["memory", memory, { registry: "512" }, "as in 512m or 2g"],
  ["memory", memory, { registry: "0.5g" }, "as in 512m or 2g"],
  ["memory", memory, { proxy: "8m" }, "at least 32m"],
  ["Image", Image, { reference: "registry:3.1.1" }, "names no digest"],
  ["Image", Image, { reference: digest }, "names no digest"],
  ["Image", Image, { reference: "registry:3.1.1", archive: "package.json" }, "print it with: docker image inspect"],
  ["Image", Image, { reference: `registry@${digest}`, archive: "package.json" }, "is known by its id"],
  ["Image", Image, { reference: digest, archive: "no.tar" }, "no such file"],
  ["HostTls", HostTls, { kind: "acme" }, "missing: an e-mail address"],
  ["HostTls", HostTls, { kind: "acme", email: "ops" }, "an e-mail address"],
  ["HostTls", HostTls, { ...acme, directory: "http://ca.example.org" }, "an https URL"],
  ["HostTls", HostTls, { kind: "private-ca", validityDays: 826 }, "at most 825 days"],
  ["HostTls", HostTls, { kind: "private-ca", validityDays: 1.5 }, "a whole number of days"],
  ["HostTls", HostTls, { kind: "private-ca", validityDays: 20 }, "must be less than validityDays"],
  ["HostTls", HostTls, { kind: "cert-manager" }, "one of acme, private-ca, provided, none"],
  ["ClusterTls", ClusterTls, acme, "one of cert-manager, private-ca, provided, none"],
  ["Connection", Connection, { kind: "ssh", address: "a", user: "u" }, "missing: a text"],
  ["Connection", Connection, { kind: "ssh", address: "a", user: "-x", hostKey }, "a user name on the machine"],
  ["Connection", Connection, { kind: "ssh", address: "a", user: "u", hostKey, port: 70000 }, "a port from 1 to 65535"],
  ["Connection", Connection, { kind: "docker-container", name: "-it" }, "a container's name"],
  ["Account", Account, { name: "Team A" }, "up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a"],
  ...["", "-a", ".a", "_a", "a:b", "a/b", "a b", "a\n", "é", "{a}", "a".repeat(64)].map(
    (name): Rejection => ["Account", Account, { name }, "as in team-a"],
  ),
  ["Account", Account, { name: "import" }, "is a word of Caddy's configuration"],
  ["Account", Account, { name: 7 }, "a text, in quotes where YAML takes it for something else"],
  ["Account", Account, { name: "anonymous" }, "stands for clients without credentials"],
  ["Account", Account, { name: "a", expires: "31.3.2027" }, "as in 2027-03-31"],
  ["Account", Account, { name: "a", expires: "2027-02-29" }, "a day of the calendar"],
  ["Account", Account, { name: "a", expires: "2027-03-31 10:00:00 +0000 UTC" }, "a day of the calendar"],
];

describe("schemas", () => {
  it.each(accepted.flatMap(([name, schema, values]) => values.map((value) => [name, value, schema] as const)))(
    "%s accepts %j",
    (_name, value, schema) => {
      expect(parseWithProblems(schema, value).problems).toEqual([]);
    },
  );

  it.each(refused.map(([name, schema, value, rule]) => [name, value, rule, schema] as const))(
    "%s refuses %j: %s",
    (_name, value, rule, schema) => {
      const messages = parseWithProblems(schema, value).problems.map(({ message }) => message);
      expect(messages).toEqual([expect.stringContaining(rule)]);
    },
  );
});

describe("HostKey", () => {
  it("drops the comment", () => {
    expect(HostKey.parse(`${hostKey} root@registry`)).toBe(hostKey);
  });
});

describe("Account", () => {
  it("reads a date that YAML and Pulumi made a moment of", () => {
    expect(Account.parse({ name: "dana", expires: "2027-03-31 00:00:00 +0000 UTC" }).expires).toBe("2027-03-31");
  });
});

describe("MavenRegistry", () => {
  it.each([
    [{ host: "nexus.example.org", pathPrefix: "releases" }, "https://nexus.example.org/releases/"],
    [{ host: "nexus.example.org:8443" }, "https://nexus.example.org:8443/"],
    [{ host: "nexus.example.org", url: "http://nexus.example.org/m2/" }, "http://nexus.example.org/m2/"],
  ])("%j is at %s", (maven, url) => {
    expect(MavenRegistry.parse(maven).url).toBe(url);
  });
});
