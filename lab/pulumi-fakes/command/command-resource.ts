import { randomBytes } from "node:crypto";
import type { Log } from "../plugin/engine-log.ts";
import { type PropertyMap, unknown } from "../plugin/property.ts";
import type { Checked, ResourceType } from "../plugin/provider.ts";
import { type CommandInputs, commandDiff, commandInputs, outputOf, previewedOutput } from "./inputs.ts";
import { Output } from "./output.ts";

export type CommandKind = {
  check(inputs: PropertyMap): Checked;
  /** Runs one command; `properties` are the inputs, or at the end the state. */
  run(command: string, inputs: CommandInputs, properties: PropertyMap, output: Output, log: Log): Promise<void>;
};

/**
 * A resource that runs commands: `create` once, `update ?? create` on any change, `delete` with the values in the state.
 *
 * @see pulumi-command: commandController.go
 */
export function commandResource({ check, run }: CommandKind): ResourceType {
  const runAndCapture = async (command: string, inputs: CommandInputs, properties: PropertyMap, log: Log) => {
    const output = new Output(inputs.logging, log);
    await run(command, inputs, properties, output, log);
    return output.result();
  };

  return {
    check,
    diff: commandDiff,

    async create({ name, inputs, preview, log }) {
      const id = name + randomBytes(4).toString("hex");
      if (preview) return { id, state: { ...inputs, stdout: unknown, stderr: unknown } };
      const read = commandInputs(inputs);
      const said =
        read.create === undefined ? { stdout: "", stderr: "" } : await runAndCapture(read.create, read, inputs, log);
      return { id, state: { ...inputs, ...said } };
    },

    async update({ state, inputs, preview, log }) {
      if (preview) return { ...inputs, ...previewedOutput(state, inputs) };
      const last = outputOf(state);
      const read = commandInputs({ ...inputs, ...last });
      const command = read.update ?? read.create;
      return { ...inputs, ...(command === undefined ? last : await runAndCapture(command, read, inputs, log)) };
    },

    async delete({ state, log }) {
      const read = commandInputs(state);
      if (read.delete !== undefined) await runAndCapture(read.delete, read, state, log);
    },
  };
}
