import { shellWord } from "../../hosts/shell.ts";
import { hostPaths } from "../../render/compose.ts";
import type { LiveStack } from "../live-stack.ts";
import { openMachine } from "../machines/machine.ts";
import { OperationError } from "../operation-error.ts";
import { Collected } from "./collected.ts";

/** Runs the collector on the stack's registry host with these arguments, and shows its progress on standard error. */
export async function collectOnHost({ settings, secrets }: LiveStack, args: readonly string[]): Promise<Collected> {
  const { variant, garbageCollection } = settings;
  if (variant.kind !== "host")
    throw new OperationError(
      `variant.kind is ${variant.kind}, and only a registry host runs the collector; docs/storage.md says what to do elsewhere`,
    );
  if (garbageCollection === undefined)
    throw new OperationError(
      "the stack file has no garbageCollection, so its proxy does not hold writes for a collection; add garbageCollection: {}, and run pulumi up",
    );
  await using machine = await openMachine(variant.connection, secrets);
  const answer = await machine.run(script(args), { onLine: (line) => console.error(line) });
  return Collected.parse(JSON.parse(answer));
}

function script(args: readonly string[]): string {
  const path = hostPaths.collect;
  return [
    `[ -f ${path} ] || { echo "error: ${path} is missing; run pulumi up, which writes it" >&2; exit 1; }`,
    `sh ${[path, ...args].map(shellWord).join(" ")}`,
    "",
  ].join("\n");
}
