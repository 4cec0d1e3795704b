import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { localCommand } from "../../../../lab/pulumi-fakes/command/local-command.ts";
import { checked, create, recordedLog, update } from "../../../engine/resource-calls.ts";

it("runs create by sh, and stores its output without the last newline", async () => {
  expect(await create(localCommand, { create: "printf 'a\\n\\n'; echo b >&2" })).toMatchObject({
    stdout: "a\n",
    stderr: "b",
  });
});

it("passes stdin, environment and folder", async () => {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "local-")));
  const state = await create(localCommand, {
    create: 'echo "$(cat) $COLOUR $PWD"',
    stdin: "in",
    environment: { COLOUR: "blue" },
    dir,
  });
  await rm(dir, { recursive: true });
  expect(state.stdout).toBe(`in blue ${dir}`);
});

it("runs another interpreter", async () => {
  const interpreter = [process.execPath, "-e"];
  expect(await create(localCommand, { create: "console.log(1 + 1)", interpreter })).toMatchObject({ stdout: "2" });
});

it("passes the last output to the next run", async () => {
  const inputs = { create: "echo once", update: 'echo "after $PULUMI_COMMAND_STDOUT"' };
  const state = await create(localCommand, inputs);
  expect(await update(localCommand, state, { ...inputs, stdin: "x" })).toMatchObject({ stdout: "after once" });
});

it("runs delete with what the state holds", async () => {
  const log = recordedLog();
  const state = await create(localCommand, { create: "echo made", delete: 'echo "delete $PULUMI_COMMAND_STDOUT"' });
  await localCommand.delete?.({ state, log });
  expect(log.lines).toEqual(["delete made"]);
});

it("fails with the exit status, the command and its output", async () => {
  await expect(create(localCommand, { create: "echo why; exit 4" })).rejects.toThrow(
    'exit status 4: running "echo why; exit 4":\nwhy\n',
  );
});

it("rejects inputs that it does not support", () => {
  expect(() => checked(localCommand, { assetPaths: ["*"] })).toThrow("assetPaths: not supported by the lab's fake");
});
