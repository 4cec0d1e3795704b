import { difference, equals } from "../plugin/difference.ts";
import { flag, isMap, isUnknown, type PropertyMap, revealAll, text, unknown } from "../plugin/property.ts";
import type { DiffRequest, Failure, Planned } from "../plugin/provider.ts";
import type { Logging } from "./output.ts";

/** Inputs that remote and local commands have in common. */
export type CommandInputs = {
  create?: string;
  update?: string;
  delete?: string;
  stdin: string;
  logging: Logging;
  environment: [name: string, value: string][];
  /** The last run's output, as PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. */
  previous: [name: string, value: string][];
};

export const commandKeys = [
  "create",
  "update",
  "delete",
  "triggers",
  "stdin",
  "logging",
  "environment",
  "addPreviousOutputInEnv",
];

/** Reads inputs, or the state, which holds them too. */
export function commandInputs(map: PropertyMap): CommandInputs {
  const plain = revealAll(map);
  return {
    create: text(plain.create),
    update: text(plain.update),
    delete: text(plain.delete),
    stdin: text(plain.stdin) ?? "",
    logging: (text(plain.logging) as Logging | undefined) ?? "stdoutAndStderr",
    environment: isMap(plain.environment)
      ? Object.entries(plain.environment).map(([name, value]) => [name, String(value)])
      : [],
    previous: flag(plain.addPreviousOutputInEnv) === false ? [] : previousOutput(plain),
  };
}

export function unsupportedKeys(inputs: PropertyMap, known: string[]): Failure[] {
  return Object.keys(inputs)
    .filter((key) => !known.includes(key))
    .map((property) => ({ property, reason: "not supported by the lab's fake for pulumi-resource-command" }));
}

/** Any changed input updates the resource. A change of `triggers` as a whole replaces it; for its elements the SDK sets replaceOnChanges. */
export function commandDiff({ oldInputs, inputs }: DiffRequest): Planned {
  return { changes: difference(oldInputs, inputs), replaces: (path) => path === "triggers" };
}

/** The output in the preview of an update: unknown if an existing input has changed. */
export function previewedOutput(state: PropertyMap, inputs: PropertyMap): { stdout: string; stderr: string } {
  const { stdout, stderr } = outputOf(state);
  const changed = Object.keys(state).some(
    (key) => key !== "stdout" && key !== "stderr" && (isUnknown(inputs[key]) || !equals(state[key], inputs[key])),
  );
  return changed ? { stdout: unknown, stderr: unknown } : { stdout, stderr };
}

export function outputOf(state: PropertyMap): { stdout: string; stderr: string } {
  const { stdout, stderr } = revealAll(state);
  return { stdout: text(stdout) ?? "", stderr: text(stderr) ?? "" };
}

function previousOutput(state: PropertyMap): [string, string][] {
  const { stdout, stderr } = outputOf(state);
  const pairs: [string, string][] = [
    ["PULUMI_COMMAND_STDOUT", stdout],
    ["PULUMI_COMMAND_STDERR", stderr],
  ];
  return pairs.filter(([, value]) => value !== "");
}
