import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { SettingsError } from "../../settings/errors/problems.ts";
import { readSettings } from "../../settings/read-settings.ts";
import { hostStack } from "../unit/settings/stacks.ts";

const examples = new URL("../../examples/stacks/", import.meta.url);

const secrets = {
  sshPrivateKey: String(hostStack.sshPrivateKey),
  jenkinsToken: "11aa22bb33cc",
  mavenUsername: "deployer",
  mavenPassword: "correct horse",
  registryUsername: "pusher",
  registryPassword: "battery staple",
  backupPassword: "staple battery",
  passwords: '{"jenkins": "battery staple"}',
};

/** Configures the program as Pulumi does: texts as they are, all else as JSON, secrets named. */
function configure(example: string, used: (keyof typeof secrets)[], more: Record<string, string> = {}) {
  const { config } = parse(readFileSync(new URL(example, examples), "utf8"));
  const plain = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  const secret = used.map((key) => [`container-registry:${key}`, secrets[key]]);
  const values = Object.fromEntries([...plain, ...secret]);
  const secretKeys = secret.map(([key = ""]) => key);
  pulumi.runtime.setAllConfig({ ...values, ...more }, secretKeys);
}

const secretsOfHost: Parameters<typeof configure>[1] = [
  "sshPrivateKey",
  "jenkinsToken",
  "mavenUsername",
  "mavenPassword",
  "backupPassword",
];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    { call: ({ inputs }) => inputs, newResource: ({ name, inputs }) => ({ id: name, state: inputs }) },
    "container-registry",
    "team",
  );
});

beforeEach(() => {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
});

afterEach(() => {
  vi.restoreAllMocks();
  pulumi.runtime.setAllConfig({});
});

describe("readSettings", () => {
  it("reads host.yaml: a host, k3s and RKE2 nodes", () => {
    configure("host.yaml", secretsOfHost);
    const { settings } = readSettings();
    expect(settings.variant).toMatchObject({ kind: "host", tls: { kind: "acme" }, proxy: "caddy" });
    expect(settings.nodes.map(({ runtime }) => runtime)).toEqual(["k3s", "rke2"]);
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  it("reads microk8s.yaml: microk8s, and the registry in its namespace dso", () => {
    configure("microk8s.yaml", []);
    const { settings } = readSettings();
    expect(settings.variant).toMatchObject({ kind: "cluster", namespace: "dso" });
    expect(settings.nodes).toMatchObject([{ runtime: "microk8s", connection: { kind: "local" } }]);
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  it("reads org-registry.yaml: an organisation's existing registry", () => {
    configure("org-registry.yaml", ["registryUsername", "registryPassword"]);
    const { settings } = readSettings();
    expect(settings.variant).toMatchObject({ kind: "existing", tls: { kind: "public" } });
    expect(settings.mavenRegistry).toMatchObject({ sameCredentials: true });
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  it("reads kind.yaml: a registry beside a kind cluster", () => {
    configure("kind.yaml", []);
    const { settings } = readSettings();
    expect(settings.variant).toMatchObject({ kind: "hybrid", clusterName: "kind", ui: { kind: "builtin" } });
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  it("reads whanos.yaml: Traefik, and all that a Whanos instance is given", () => {
    configure("whanos.yaml", ["sshPrivateKey", "jenkinsToken"]);
    const { settings } = readSettings();
    expect(settings.variant).toMatchObject({ kind: "host", proxy: "traefik", tls: { kind: "acme" } });
    expect(settings.jenkins?.credentials).toMatchObject([
      { id: "whanos-registry-creds", kind: "username-password", of: "container" },
      { id: "whanos-registry-host", kind: "secret-text", of: "host" },
    ]);
    expect(settings.pullSecrets).toMatchObject([{ name: "whanos-registry", account: "cluster" }]);
    expect(settings.pipelineConfig?.baseImages).toMatchObject({ prefix: "whanos", tag: "latest" });
    expect(settings.nodes).toMatchObject([{ runtime: "docker" }]);
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  it.each(readdirSync(examples))("finds no secret or salt in examples/stacks/%s", (example) => {
    expect(readFileSync(new URL(example, examples), "utf8")).not.toMatch(/secure:|encryptionsalt|PRIVATE KEY/);
  });

  it("returns every secret as a Pulumi secret", async () => {
    configure("host.yaml", secretsOfHost);
    const { mavenPassword, passwords } = readSettings().secrets;
    expect(await revealed(mavenPassword)).toEqual({ value: "correct horse", isSecret: true });
    expect(passwords).toEqual({});
  });

  it("returns passwords from the stack file by account", async () => {
    configure("microk8s.yaml", ["passwords"]);
    const { passwords } = readSettings().secrets;
    expect(Object.keys(passwords)).toEqual(["jenkins"]);
    expect(await revealed(passwords.jenkins)).toEqual({ value: "battery staple", isSecret: true });
  });

  it("stops the program with a message and no stack trace", () => {
    configure("host.yaml", ["jenkinsToken", "mavenUsername", "mavenPassword", "backupPassword"]);
    expect(() => readSettings()).toThrow(SettingsError);
    expect(() => readSettings()).toThrow(
      /^stack team: 1 problem in Pulumi\.team\.yaml\n {2}sshPrivateKey: missing, and /,
    );
    expect(() => readSettings()).toThrow(expect.toSatisfy(pulumi.RunError.isInstance));
  });

  it("rejects a secret that is not encrypted", () => {
    configure("org-registry.yaml", ["registryUsername"], { "container-registry:registryPassword": "battery" });
    expect(() => readSettings()).toThrow("registryPassword: is in plain text; encrypt it");
  });

  it("ignores other configuration namespaces", () => {
    configure("org-registry.yaml", ["registryUsername", "registryPassword"], {
      "kubernetes:context": "microk8s",
    });
    expect(() => readSettings()).not.toThrow();
  });

  it("warns of what is allowed and probably a mistake", () => {
    configure("org-registry.yaml", ["registryUsername", "registryPassword", "jenkinsToken"]);
    readSettings();
    expect(pulumi.log.warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("the secret jenkinsToken is used by nothing"),
    );
  });
});

async function revealed(output: pulumi.Output<unknown> = pulumi.output("")) {
  const value = await new Promise((resolve) => output.apply(resolve));
  return { value, isSecret: await pulumi.isSecret(output) };
}
