import { expect, it } from "vitest";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { failedUp } from "./owners.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const world = withWorld(async ({ use }) => {
  const config = { machine: "203.0.113.5", create: "true" };
  return use(await startStack({ name: "moves", projectDir: builtProject("moves"), config }));
});

it("a bundle that may not move unsaid › moves once for each statement, and every other address is an error", async () => {
  const stack = world();
  const application = async () => (await stack.outputs()).application;
  await stack.up();
  const first = await application();

  await step("an address that nobody has said anything about is an error in the preview and in up", async () => {
    await stack.setConfig({ machine: "203.0.113.9" });
    await expect(stack.preview()).rejects.toThrow("say what becomes of 203.0.113.5");
    expect(await failedUp(stack)).toContain("say what becomes of 203.0.113.5");
    expect(await application()).toBe(first);
  });

  await step("after an up that failed, the stack goes back without a statement", async () => {
    await stack.setConfig({ from: "203.0.113.5", create: "false" });
    await failedUp(stack);
    await stack.setConfig({ machine: "203.0.113.5", from: undefined, create: "true" });
    await stack.up();
    expect(await application()).toBe(first);
  });

  await step("with the statement it moves, and the preview warns", async () => {
    await stack.setConfig({ machine: "203.0.113.9", from: "203.0.113.5" });
    expect((await stack.preview()).output).toContain("it moves");
    await stack.up();
    expect(await application()).not.toBe(first);
    await stack.preview({ expectNoChanges: true });
  });

  await step("a statement that was left in the stack file does not allow the next move", async () => {
    await stack.setConfig({ machine: "203.0.113.7" });
    expect(await failedUp(stack)).toContain("it moved to 203.0.113.9 already");
  });

  await step("without the statement the stack knows where the bundle is now", async () => {
    await stack.setConfig({ machine: "203.0.113.9", from: undefined });
    await stack.up();
    await stack.setConfig({ machine: "203.0.113.7" });
    expect(await failedUp(stack)).toContain("say what becomes of 203.0.113.9");
  });
});
