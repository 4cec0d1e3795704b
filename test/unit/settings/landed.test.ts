import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { requireLanded } from "../../../settings/landed.ts";
import { ProgramError } from "../../../settings/program-error.ts";
import { changed, clusterStack, existingStack, hostStack, hybridStack, parsed, type Stack } from "./stacks.ts";

vi.spyOn(pulumi, "getStack").mockReturnValue("dev");

const node = { name: "a", runtime: "k3s", connection: { kind: "local" } };
const jenkins = { jenkins: { url: "https://jenkins.example.org", user: "a" }, jenkinsToken: "a" };

describe("requireLanded", () => {
  it.each<[string, Stack]>([
    ["a host stack", hostStack],
    ["an existing stack", existingStack],
    ["a cluster stack", clusterStack],
    ["a page in a cluster", changed(clusterStack, { "variant.ui": { kind: "builtin" } })],
    ["a hybrid stack", hybridStack],
    [
      "a Maven repository",
      changed(hostStack, { mavenRegistry: { host: "nexus.example.org", requiresAuthForPush: false } }),
    ],
    [
      "an account that expires",
      changed(hostStack, { accounts: [{ name: "jenkins", push: ["**"], expires: "2027-03-31" }] }),
    ],
    ["nodes", changed(hostStack, { nodes: [node] })],
    ["pipelines' settings", changed(hostStack, { pipelineConfig: { namespace: "a" } })],
    ["pull secrets", changed(hostStack, { pullSecrets: [{ namespace: "a", name: "b", account: "dana" }] })],
    ["Flux", changed(hostStack, { flux: {} })],
    ["Jenkins", changed(hostStack, jenkins)],
  ])("lets %s pass", (_what, stack) => {
    expect(() => requireLanded(parsed(stack).settings)).not.toThrow();
  });

  it.each<[string, Stack]>([
    ["garbageCollection", changed(hostStack, { garbageCollection: {} })],
    ["backup", changed(hostStack, { backup: {} })],
    ["notify", changed(hostStack, { notify: {} })],
  ])("stops at %s with one sentence", (what, stack) => {
    expect(() => requireLanded(parsed(stack).settings)).toThrow(
      new ProgramError(
        `stack dev: not available yet: ${what}; leave out of Pulumi.dev.yaml what CHANGELOG.md does not list`,
      ),
    );
  });

  it("names all of them at once", () => {
    const stack = changed(hostStack, { backup: {}, notify: {} });
    expect(() => requireLanded(parsed(stack).settings)).toThrow("not available yet: backup, notify;");
  });
});
