import { shellFiles, shellWord } from "../../../hosts/shell.ts";
import { hostPaths } from "../../../render/compose.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

/** Who pushed a tag last, and when. */
export type Push = { by: string; at: Date };

/** The pushes of tags, by `REPOSITORY:TAG`, as far back as the access log on the stack's registry host goes. */
export async function loggedPushes({ settings: { variant }, secrets }: LiveStack): Promise<ReadonlyMap<string, Push>> {
  if (variant.kind !== "host" || variant.proxy !== "caddy")
    throw new OperationError(
      "who pushed an image is known from the access log that Caddy writes on a registry host, and this stack has none; run this without --pushed",
    );
  await using machine = await openMachine(variant.connection, secrets);
  return pushesIn(await machine.run(pushesScript(hostPaths.proxyLogs)));
}

/**
 * Prints one line for each tag, however many requests the logs in this folder hold. Rolled files have the time in their
 * names, as in access-2026-01-02T03-04-05.000.log.
 */
export function pushesScript(logs: string): string {
  return `${program}cat ${shellWord(logs)}/access*.log 2>/dev/null | LC_ALL=C awk "$awk_last_pushes"\n`;
}

const program = shellFiles(new URL(".", import.meta.url), ["last-pushes.awk"]);

/** Reads what the script prints: the time in seconds, the account and the URI of a manifest, with tabs between them. */
export function pushesIn(text: string): ReadonlyMap<string, Push> {
  const lines = text.matchAll(/^([\d.]+)\t(.+)\t\/v2\/(.+)\/manifests\/(.+)$/gm);
  return new Map(
    [...lines].map(([, seconds, by = "", repository, tag]) => [
      `${repository}:${tag}`,
      { by, at: new Date(Number(seconds) * 1000) },
    ]),
  );
}
