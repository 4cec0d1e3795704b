import { hostPaths } from "../../render/compose.ts";
import type { LiveStack } from "../live-stack.ts";
import { runHostProgram } from "../machines/host-program.ts";
import { Collected } from "./collected.ts";

/** Runs the collector on the stack's registry host with these arguments, and shows its progress on standard error. */
export async function collectOnHost(stack: LiveStack, args: readonly string[]): Promise<Collected> {
  const answer = await runHostProgram(stack, { path: hostPaths.collect, key: "garbageCollection" }, args);
  return Collected.parse(JSON.parse(answer));
}
