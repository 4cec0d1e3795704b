import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type PolicyInputs, policyInputs } from "../../../components/policy-inputs.ts";
import { policies } from "../../../policy/policies.ts";
import { Account } from "../../../settings/accounts.ts";
import { Backup } from "../../../settings/backup.ts";
import { ContainerRegistry } from "../../../settings/container-registry.ts";
import { Settings } from "../../../settings/settings.ts";
import { ClusterVariant } from "../../../settings/variants/cluster.ts";

const types = {
  host: "container-registry:host:RegistryHost",
  cluster: "container-registry:cluster:ClusterRegistry",
  hybrid: "container-registry:hybrid:HybridRegistry",
  existing: "container-registry:existing:ExistingRegistry",
};

const clean = policyInputs({
  containerRegistry: ContainerRegistry.parse({ host: "registry.example.org", account: "jenkins" }),
  variant: { kind: "host", tls: { kind: "provided" } },
  accounts: [account("jenkins", "**"), account("team-a", "team-a/**"), account("reader")],
  immutableTags: ["**:v*"],
  backup: Backup.parse({ to: { kind: "directory", path: "/mnt/backup" } }),
});

function account(name: string, ...push: string[]): Account {
  return Account.parse({ name, push });
}

function storage(of: object): PolicyInputs {
  const variant = ClusterVariant.parse({
    kind: "cluster",
    ingressClassName: "nginx",
    storage: of,
    tls: { kind: "private-ca" },
  });
  return { ...clean, storage: variant.storage, backup: undefined };
}

/** What each policy that finds something says of a resource of the stack. */
function found(type: string, props: Record<string, unknown>, stack = "prod"): [policy: string, violation: string][] {
  const resource = { type, props, urn: `urn:pulumi:${stack}::container-registry::${type}::registry` };
  return policies.flatMap(({ name, violations }) =>
    [...violations(resource)].map((violation): [string, string] => [name, violation]),
  );
}

it.each(Object.entries(types))("policies › find nothing wrong with a clean %s", (_, type) => {
  expect(found(type, clean)).toEqual([]);
});

it("policies › find nothing wrong with examples/stacks/host.yaml", () => {
  const { config } = parse(readFileSync(new URL("../../../examples/stacks/host.yaml", import.meta.url), "utf8"));
  const keys = Object.entries(config).map(([key, value]) => [key.replace("container-registry:", ""), value]);
  const settings = Settings.parse(Object.fromEntries(keys));
  expect(found(types.host, policyInputs(settings))).toEqual([]);
});

describe("no-plain-http", () => {
  const plain = { ...clean, tls: { kind: "none" } };

  it.each([types.host, types.cluster, types.existing])("finds %s without TLS", (type) => {
    expect(found(type, plain)).toEqual([["no-plain-http", expect.stringContaining("plain HTTP")]]);
  });

  it("allows a registry beside kind to have no TLS", () => {
    expect(found(types.hybrid, { ...clean, tls: undefined })).toEqual([]);
  });
});

describe("pinned-host-keys", () => {
  const pinned = { host: "203.0.113.5", hostKey: "ssh-ed25519 AAAA" };
  const unpinned = { host: "203.0.113.5", privateKey: "an OpenSSH key" };

  it.each([
    ["a command", "command:remote:Command", unpinned],
    ["a copied file", "command:remote:CopyToRemote", unpinned],
    ["a machine that SSH goes through", "command:remote:Command", { ...pinned, proxy: unpinned }],
  ])("finds %s without a host key, and shows no secret", (_, type, connection) => {
    const violations = found(type, { connection });
    expect(violations).toEqual([["pinned-host-keys", expect.stringContaining("203.0.113.5 has no hostKey")]]);
    expect(JSON.stringify(violations)).not.toContain(unpinned.privateKey);
  });

  it("allows pinned machines, and commands without SSH", () => {
    expect(found("command:remote:Command", { connection: { ...pinned, proxy: pinned } })).toEqual([]);
    expect(found("command:local:Command", { create: "true" })).toEqual([]);
  });
});

describe("backups-in-production", () => {
  const without = { ...clean, backup: undefined };
  const violation = ["backups-in-production", expect.stringContaining("the key backup")];

  it.each(["prod", "prod-eu"])("finds a host without backups in the stack %s", (stack) => {
    expect(found(types.host, without, stack)).toEqual([violation]);
  });

  it.each(["dev", "product", "preprod"])("allows no backups in the stack %s", (stack) => {
    expect(found(types.host, without, stack)).toEqual([]);
  });

  it("finds a cluster's volume without backups", () => {
    expect(found(types.cluster, storage({ kind: "volume", size: "20Gi" }))).toEqual([violation]);
  });

  it.each([
    ["a shared volume", types.cluster, storage({ kind: "volume", size: "20Gi", accessMode: "ReadWriteMany" })],
    [
      "a bucket",
      types.cluster,
      storage({ kind: "s3", endpoint: "https://s3.example.org", bucket: "registry", region: "eu" }),
    ],
    ["a registry beside kind", types.hybrid, without],
    ["somebody else's registry", types.existing, without],
  ])("asks for no backups of %s, which the key backup does not allow", (_, type, props) => {
    expect(found(type, props)).toEqual([]);
  });
});

describe("no-push-everywhere", () => {
  it.each(["**", "**/*", "*/**"])("finds an account beside CI's that may push to %s", (glob) => {
    const accounts = [account("jenkins", "**"), account("dana", "dana/**", glob)];
    for (const type of [types.host, types.cluster, types.hybrid])
      expect(found(type, { ...clean, accounts })).toEqual([
        ["no-push-everywhere", expect.stringContaining("the account dana may push to every repository")],
      ]);
  });

  it("finds every such account where none is CI's", () => {
    expect(found(types.host, { ...clean, account: undefined })).toEqual([
      ["no-push-everywhere", expect.stringContaining("the account jenkins")],
    ]);
  });

  it("allows globs with a name in them", () => {
    const accounts = [account("team-a", "team-a/**", "**/base", "*")];
    expect(found(types.host, { ...clean, accounts })).toEqual([]);
  });
});

describe("immutable-release-tags", () => {
  it.each([
    [types.host, []],
    [types.cluster, undefined],
  ])("finds %s with immutableTags %o", (type, immutableTags) => {
    expect(found(type, { ...clean, immutableTags })).toEqual([
      ["immutable-release-tags", expect.stringContaining('immutableTags: ["**:v*"]')],
    ]);
  });

  it.each([types.hybrid, types.existing])("allows %s to have none", (type) => {
    expect(found(type, { ...clean, immutableTags: [] })).toEqual([]);
  });
});
