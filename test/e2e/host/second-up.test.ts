import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";

let registry: RegistryStack;

beforeAll(async () => {
  registry = await registryStack({
    name: "second-up",
    accounts: [
      { name: "jenkins", push: ["**"] },
      { name: "team-a", push: ["team-a/**"] },
    ],
  });
  await registry.stack.up();
});
afterAll(() => registry[Symbol.asyncDispose]());

describe("first up", () => {
  it("opens one SSH connection, one for each archive, and one for the folder that these go to", async () => {
    expect(await registry.machine.sshConnections()).toBe(4);
  });
});

describe("second up", () => {
  it("changes nothing and opens no SSH connection", async () => {
    const before = await registry.machine.sshConnections();
    const { stdout } = await registry.stack.up();

    expect(stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await registry.machine.sshConnections()).toBe(before);
    await registry.stack.preview({ expectNoChanges: true });
  });
});
