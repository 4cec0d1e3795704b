import type { LiveStack } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";

/** Throws an OperationError if the stack file lacks the key, without which `up` brings no program for the command. */
export function requireKey({ name, settings }: LiveStack, key: "backup" | "garbageCollection"): void {
  if (settings[key] !== undefined) return;
  throw new OperationError(
    `stack ${name} has no key ${key}; add it to the stack file (docs/storage.md), then: pulumi up --stack ${name}`,
  );
}
