import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { PackageComponent } from "../../../plugin/component.ts";
import { jenkinsCredentials } from "../../../plugin/components/jenkins-credentials.ts";
import { nodeDaemonSet } from "../../../plugin/components/node-daemon-set.ts";
import { nodeTrust } from "../../../plugin/components/node-trust.ts";
import { pullSecrets } from "../../../plugin/components/pull-secrets.ts";
import { registryHost } from "../../../plugin/components/registry-host.ts";
import { checkInputs } from "../../../plugin/inputs/check-inputs.ts";
import { givenEndpoint } from "../../../plugin/inputs/endpoint.ts";
import { resolveInputs } from "../../../plugin/inputs/resolve-inputs.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtl";
const ssh = { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey };
const unknown = pulumi.output(pulumi.unknown);
const endpoint = { host: "registry.example.org" };

async function check(component: PackageComponent<unknown>, inputs: pulumi.Inputs): Promise<unknown> {
  return checkInputs(component, "mine", await resolveInputs(inputs));
}

const registry = {
  containerRegistry: { host: "registry.example.org", account: "jenkins" },
  variant: { connection: { ...ssh, agent: true }, tls: { kind: "private-ca" } },
  accounts: [{ name: "jenkins", push: ["**"] }],
};
const node = { name: "node-1", runtime: "k3s", connection: { ...ssh, agent: true } };
const kubernetes = { context: "production" };

describe("checkInputs", () => {
  it.each<[string, PackageComponent<unknown>, pulumi.Inputs]>([
    ["a registry", registryHost, registry],
    ["a registry with passwords", registryHost, { ...registry, passwords: { jenkins: pulumi.secret("s3cret") } }],
    ["a node", nodeTrust, { node, endpoint }],
    [
      "a DaemonSet",
      nodeDaemonSet,
      {
        nodeDaemonSet: { runtime: "containerd", image: { reference: `curl@sha256:${"0".repeat(64)}` } },
        endpoint,
        kubernetes: { kubeconfig: pulumi.secret("text") },
      },
    ],
    [
      "pull secrets",
      pullSecrets,
      { pullSecrets: [{ namespace: "apps", name: "registry", account: "reader" }], endpoint, kubernetes },
    ],
    [
      "Jenkins' credentials",
      jenkinsCredentials,
      {
        jenkins: { url: "https://jenkins.example.org", user: "admin" },
        containerRegistry: { account: "jenkins" },
        jenkinsToken: pulumi.secret("token"),
        endpoint,
      },
    ],
  ])("accepts %s", async (_, component, inputs) => {
    expect(await check(component, inputs)).toBeDefined();
  });

  it.each<[string, PackageComponent<unknown>, pulumi.Inputs, string]>([
    ["an unknown input", nodeTrust, { node, endpoint, nodes: [] }, "nodes: unknown key; did you mean node?"],
    ["a missing one", nodeTrust, { node }, "endpoint: missing: a group of keys: host, url"],
    [
      "the kind of another variant",
      registryHost,
      { ...registry, variant: { kind: "existing", tls: { kind: "public" } } },
      'variant.kind = "existing": only host',
    ],
    [
      "a connection without key or agent",
      nodeTrust,
      { node: { ...node, connection: ssh }, endpoint },
      "sshPrivateKey: missing, and node.connection logs in with it: set the input sshPrivateKey to the text of the key's file",
    ],
    [
      "a registry's connection without key or agent",
      registryHost,
      { ...registry, variant: { ...registry.variant, connection: ssh } },
      "sshPrivateKey: missing, and variant.connection logs in with it: set the input sshPrivateKey",
    ],
    [
      "an account that the runtime has no place for",
      nodeTrust,
      { node: { ...node, runtime: "containerd", account: "reader" }, endpoint },
      'node.account = "reader": containerd keeps no credentials for pods',
    ],
    [
      "a cluster without a name",
      pullSecrets,
      { pullSecrets: [{ namespace: "apps", name: "registry", account: "reader" }], endpoint, kubernetes: {} },
      "kubernetes.context: missing: names the cluster",
    ],
    [
      "the same pull secret twice",
      pullSecrets,
      { pullSecrets: Array(2).fill({ namespace: "apps", name: "r", account: "reader" }), endpoint, kubernetes },
      'pullSecrets[1].name = "r": is pullSecrets[0] in that namespace',
    ],
    [
      "Jenkins without a login and an account",
      jenkinsCredentials,
      { jenkins: { url: "https://jenkins.example.org", user: "admin" }, endpoint },
      "containerRegistry.account: missing: whose credentials jenkins gets",
    ],
    [
      "a secret setting",
      nodeTrust,
      { node: { ...node, hostsEntry: pulumi.secret("192.0.2.1") }, endpoint },
      "node.hostsEntry: holds something encrypted; settings are plain text",
    ],
  ])("refuses %s", async (_, component, inputs, message) => {
    await expect(check(component, inputs)).rejects.toThrow(message);
  });

  it.each<[string, PackageComponent<unknown>, pulumi.Inputs]>([
    ["a registry", registryHost, registry],
    ["a node", nodeTrust, { node, endpoint }],
  ])("names a malformed key of %s once", async (_, component, inputs) => {
    await expect(check(component, { ...inputs, sshPrivateKey: pulumi.secret("k") })).rejects.toThrow(
      /: 1 problem in its inputs\n {2}sshPrivateKey: is no private key[^\n]*$/,
    );
  });

  it("never prints a secret", async () => {
    const wrong = { ...registry, passwords: { jenkins: pulumi.secret("a\nb-s3cret") } };
    await expect(check(registryHost, wrong)).rejects.toThrow(/^(?!.*s3cret).*passwords: password 1 holds a control/s);
    const told = { node: { ...node, name: "s3cret-Word" }, endpoint: { ...endpoint, accounts: { a: "s3cret-Word" } } };
    await expect(check(nodeTrust, told)).rejects.toThrow(/^(?!.*s3cret).*node\.name: lower-case letters/s);
  });

  it.each<[string, pulumi.Inputs]>([
    ["a setting", { ...registry, variant: { ...registry.variant, connection: { ...ssh, address: unknown } } }],
    ["a group of settings", { ...registry, variant: unknown }],
  ])("accepts a preview that does not know %s, and returns nothing to create", async (_, inputs) => {
    expect(await check(registryHost, inputs)).toBeUndefined();
  });

  it("creates a component whose secrets alone are unknown", async () => {
    const variant = { ...registry.variant, connection: ssh };
    const inputs = { ...registry, variant, sshPrivateKey: unknown, passwords: { jenkins: unknown } };
    expect(await check(registryHost, inputs)).toBeDefined();
  });

  it("checks what a preview knows beside what it does not know", async () => {
    const variant = { connection: { ...ssh, address: unknown }, tls: { kind: "acme", email: "nobody" } };
    await expect(check(registryHost, { ...registry, variant })).rejects.toThrow(
      /1 problem in its inputs\n {2}variant\.tls\.email/,
    );
  });
});

describe("givenEndpoint", () => {
  it("fills in what a registry that exists does not need, and keeps the passwords alone secret", async () => {
    const whole = pulumi.secret({ ...endpoint, accounts: { ci: "s3cret" } });
    const { url, nodeUrls, ca, accounts } = givenEndpoint(await resolveInputs({ endpoint: whole }));
    expect(await pulumi.isSecret(url)).toBe(false);
    expect(await pulumi.isSecret(accounts)).toBe(true);
    const values = await new Promise((resolve) => pulumi.all([url, nodeUrls, ca]).apply(resolve));
    expect(values).toEqual(["https://registry.example.org", ["https://registry.example.org"], ""]);
  });
});
