import { resolve } from "node:path";

/** The options that every command has. */
export const commonArgs = {
  stack: { type: "string", valueHint: "NAME", description: "Which stack. The selected one unless given" },
  "config-file": {
    type: "string",
    valueHint: "FILE",
    description: "Its stack file. Pulumi.NAME.yaml beside Pulumi.yaml unless given",
  },
  json: { type: "boolean", description: "Print one JSON document instead of text, also where it fails" },
} as const;

/** The options that select the stack and its stack file. */
export type StackArgs = { stack?: string | undefined; "config-file"?: string | undefined };

/**
 * The absolute path of a path that the user typed, relative to the folder in which the user called npm (INIT_CWD): npm
 * runs scripts in the project's folder.
 */
export function givenPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? "", path);
}
