import type { LiveStack } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";

/** The keys that bring a program, with the document that explains each. */
const documents = { backup: "storage.md", garbageCollection: "storage.md", notify: "monitoring.md" } as const;

export type ProgramKey = keyof typeof documents;

/** Throws an OperationError if the stack file lacks the key, without which `up` brings no program for the command. */
export function requireKey({ name, settings }: LiveStack, key: ProgramKey): void {
  if (settings[key] !== undefined) return;
  throw new OperationError(
    `stack ${name} has no key ${key}; add it to the stack file (docs/${documents[key]}), then: pulumi up --stack ${name}`,
  );
}
