import { describe, expect, it } from "vitest";
import { warnings } from "../../../settings/warnings.ts";
import { changed, existingStack, hostStack, parsed, type Stack, traefikImages } from "./stacks.ts";

function warningsOf(stack: Stack): string[] {
  const { settings, secrets } = parsed(stack);
  return warnings(settings, secrets, "2027-01-15");
}

describe("warnings", () => {
  const quiet = changed(hostStack, { accounts: [{ name: "jenkins", push: ["**"] }] });

  it.each([
    [
      { "variant.tls": { kind: "none" } },
      "variant.tls.kind is none: passwords for registry.example.org travel in clear",
    ],
    [
      { accounts: [{ name: "jenkins", push: ["**"], pull: ["**"] }] },
      "accounts[0].pull does nothing: requiresAuthForPull is false",
    ],
    [{ accounts: [{ name: "jenkins", push: ["**"] }, { name: "a" }] }, "accounts[1] may do nothing"],
    [
      { accounts: [{ name: "jenkins", push: ["**"], expires: "2027-01-14" }] },
      "account jenkins expired on 2027-01-14, and CI logs in with it",
    ],
    [
      { "variant.connection": { kind: "local" } },
      "the secret sshPrivateKey is used by nothing here; remove it: pulumi config rm container-registry:sshPrivateKey",
    ],
    [
      { nodes: [{ name: "a", runtime: "docker", restart: true, connection: { kind: "local" } }] },
      "nodes[0].restart does nothing: docker reads its registries while it runs",
    ],
    [
      { mavenRegistry: { host: "registry.example.org", sameCredentials: true } },
      "mavenRegistry.host is registry.example.org, our own registry: it serves no Maven artifacts",
    ],
    [
      { pullSecrets: [{ namespace: "a", name: "b", account: "jenkins" }] },
      "pullSecrets does nothing: requiresAuthForPull is false",
    ],
    [{ flux: { account: "jenkins" } }, "flux.account does nothing: requiresAuthForPull is false"],
    [{ mavenUsername: "a" }, "the secret mavenUsername is used by nothing here"],
    [
      { rotateEvery: "90d" },
      "account jenkins has no rotation on record, and rotateEvery is 90d: npm run -s registry -- rotate --account jenkins",
    ],
    [
      { rotateEvery: "90d", rotations: { jenkins: { generation: 1, date: "2026-10-17" } } },
      "account jenkins should have been rotated by 2027-01-15: its password is of 2026-10-17, and rotateEvery is 90d",
    ],
    [
      { rotateEvery: "90d", passwords: '{"jenkins": "given"}' },
      "rotateEvery is 90d: npm run -s registry -- rotate --account jenkins --password-stdin < FILE",
    ],
    [
      { rotateEvery: "90d", rotations: { jenkins: { generation: 1, date: "2027-01-16" } } },
      "rotations.jenkins.date is 2027-01-16, a day that has not come",
    ],
    [
      { jenkins: { url: "http://jenkins.example.org", user: "admin" }, jenkinsToken: "a" },
      "jenkins.url is http://jenkins.example.org: Jenkins' own login and all credentials travel in clear; use https",
    ],
    [
      { rotations: { jenkins: { generation: 1, date: "2027-01-15", previous: "valid" } } },
      "account jenkins has two passwords that work until its rotation ends: npm run -s registry -- rotate --account jenkins",
    ],
    [{ passwords: '{"jenkins": ["new", "old"]}' }, "account jenkins has two passwords that work"],
  ])("tells of %j", (changes, warning) => {
    expect(warningsOf(changed(quiet, changes))).toEqual([expect.stringContaining(warning)]);
  });

  it("advises what Traefik can do: it knows one password a name", () => {
    const traefik = {
      "variant.proxy": "traefik",
      "variant.images": traefikImages,
      "containerRegistry.requiresAuthForPull": true,
    };
    expect(warningsOf(changed(quiet, { ...traefik, rotateEvery: "90d" }))).toEqual([
      expect.stringMatching(/npm run -s registry -- revoke jenkins$/),
    ]);
  });

  it.each([
    quiet,
    existingStack,
    changed(quiet, { accounts: [{ name: "jenkins", push: ["**"], expires: "2027-03-31" }] }),
    changed(quiet, { rotateEvery: "90d", rotations: { jenkins: { generation: 1, date: "2026-10-18" } } }),
    changed(quiet, { passwords: '{"jenkins": "one"}' }),
    changed(quiet, { nodes: [{ name: "a", runtime: "k3s", restart: true, connection: { kind: "local" } }] }),
    changed(quiet, { accounts: [{ name: "jenkins", push: ["**"] }, { name: "a" }], "variant.catalogue": "accounts" }),
    changed(quiet, {
      "containerRegistry.requiresAuthForPull": true,
      accounts: [{ name: "jenkins", push: ["**"], pull: ["**"] }],
    }),
  ])("has nothing to say of a stack that means what it says (%#)", (stack) => {
    expect(warningsOf(stack)).toEqual([]);
  });
});
