import { describe, expect, it } from "vitest";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const registry = withWorld(async ({ use }) => {
  const registry = use(
    await registryStack({
      name: "second-up",
      accounts: [
        { name: "jenkins", push: ["**"] },
        { name: "team-a", push: ["team-a/**"] },
      ],
    }),
  );
  await registry.stack.up();
  return registry;
});

describe("first up", () => {
  it("opens one SSH connection, one for each archive, and one for the folder that these go to", async () => {
    expect(await registry().machine.sshConnections()).toBe(4);
  });
});

describe("second up", () => {
  it("changes nothing and opens no SSH connection", async () => {
    const before = await registry().machine.sshConnections();
    const { stdout } = await registry().stack.up();

    expect(stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await registry().machine.sshConnections()).toBe(before);
    await registry().stack.preview({ expectNoChanges: true });
  });
});
