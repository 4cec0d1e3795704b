import { z } from "zod";
import { hostPaths } from "../../../render/compose.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";
import { jsonIn } from "../../registry-api/json-in.ts";

/** Who pushed a tag last, and when. */
export type Push = { by: string; at: Date };

const Entry = z.object({
  ts: z.number(),
  user_id: z.string(),
  status: z.literal(201),
  request: z.object({ uri: z.string() }),
});

/** The pushes of tags, by `REPOSITORY:TAG`, as far back as the access log on the stack's registry host goes. */
export async function loggedPushes({ settings: { variant }, secrets }: LiveStack): Promise<ReadonlyMap<string, Push>> {
  if (variant.kind !== "host" || variant.proxy !== "caddy")
    throw new OperationError(
      "who pushed an image is known from the access log that Caddy writes on a registry host, and this stack has none; run this without --pushed",
    );
  await using machine = await openMachine(variant.connection, secrets);
  return pushesIn(await machine.run(script));
}

// Rolled files have the time in their names, as in access-2026-01-02T03-04-05.000.log.
const script = `cat ${hostPaths.proxyLogs}/access*.log 2>/dev/null | grep '"method":"PUT"' | grep '/manifests/' || :\n`;

/** Reads lines of the access log. Those of other requests, and of pushes that failed, count for nothing. */
export function pushesIn(log: string): ReadonlyMap<string, Push> {
  const pushes = new Map<string, Push>();
  for (const line of log.split("\n")) {
    const { success, data } = Entry.safeParse(jsonIn(line));
    const [, repository, tag] = (success && /^\/v2\/(.+)\/manifests\/([^/:?]+)(?:\?|$)/.exec(data.request.uri)) || [];
    if (!success || repository === undefined) continue;
    const [name, at] = [`${repository}:${tag}`, new Date(data.ts * 1000)];
    if ((pushes.get(name)?.at ?? at) <= at) pushes.set(name, { by: data.user_id, at });
  }
  return pushes;
}
