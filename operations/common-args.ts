import { resolve } from "node:path";

/** What every command takes. */
export const commonArgs = {
  stack: { type: "string", valueHint: "NAME", description: "Which stack. The selected one unless given" },
  "config-file": {
    type: "string",
    valueHint: "FILE",
    description: "Its stack file. Pulumi.NAME.yaml beside Pulumi.yaml unless given",
  },
  json: { type: "boolean", description: "Print one JSON document instead of text, also where it fails" },
} as const;

/** Which stack a command works on, as its arguments have it. */
export type StackArgs = { stack?: string | undefined; "config-file"?: string | undefined };

/** A path from where the person is: npm runs scripts in the project's folder. */
export function givenPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? "", path);
}
