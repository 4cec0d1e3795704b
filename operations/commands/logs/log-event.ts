import { z } from "zod";
import { jsonIn } from "../../registry-api/json-in.ts";

/** What a client did, or tried to do. */
export const LogEvent = z.object({
  /** When the answer was sent, in UTC. */
  at: z.iso.datetime(),
  /** `pull`, `look` (asks whether a tag is there), `push`, `delete`, `login`, or `other` for what failed. */
  action: z.enum(["pull", "look", "push", "delete", "login", "other"]),
  /** The account; missing where the client sent no password, or a wrong one. */
  account: z.string().optional(),
  repository: z.string().optional(),
  /** A tag or a digest. */
  reference: z.string().optional(),
  status: z.int(),
  /** Whether it failed. */
  failed: z.boolean(),
  address: z.string(),
  client: z.string(),
});

export type LogEvent = z.output<typeof LogEvent>;

/** A line of Caddy's access log, as far as it is read here. */
const Line = z.object({
  ts: z.number(),
  request: z.object({
    remote_ip: z.string().default(""),
    client_ip: z.string().optional(),
    method: z.string(),
    uri: z.string(),
  }),
  status: z.int(),
  user_id: z.string().default(""),
  user_agent: z.string().default(""),
});

/**
 * What a line of Caddy's access log tells; undefined for a request that is a mere step of a pull or push. Clients chose the
 * texts, so control characters, which a terminal would obey, are replaced.
 */
export function logEvent(line: string): LogEvent | undefined {
  const { data } = Line.safeParse(jsonIn(line));
  if (data === undefined) return undefined;
  const { ts, status, user_id, user_agent, request } = data;
  const what = whatIs(request, status, user_id !== "");
  if (what === undefined) return undefined;
  return {
    at: new Date(ts * 1000).toISOString(),
    ...what,
    ...(user_id !== "" && { account: printable(user_id) }),
    status,
    address: printable(request.client_ip ?? request.remote_ip),
    client: printable(user_agent),
  };
}

type What = Pick<LogEvent, "action" | "repository" | "reference" | "failed">;

function whatIs({ method, uri }: { method: string; uri: string }, status: number, known: boolean): What | undefined {
  const [path = ""] = uri.split("?");
  const failed = status >= 400;
  if (path === "/token") return failed ? { action: "login", failed } : undefined;
  const [, repository, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/(.*)$/.exec(path) ?? [];
  const name = { ...(repository && { repository: printable(repository) }) };
  // Every client first asks without credentials, and is told to come back with some.
  if (status === 401 && !known) return undefined;
  if (kind === "manifests" && reference) {
    const action = actionOf(method, reference);
    const isStep = action === undefined || (status === 404 && reference.startsWith("sha256:"));
    return isStep ? undefined : { action, ...name, reference: printable(reference), failed };
  }
  // Before each upload of a layer, clients ask whether it is there already.
  if (!failed || status === 404) return undefined;
  const isWrite = kind === "blobs" && method !== "GET" && method !== "HEAD";
  return { action: isWrite ? "push" : kind === "blobs" ? "pull" : "other", ...name, failed };
}

function actionOf(method: string, reference: string): LogEvent["action"] | undefined {
  if (method === "HEAD") return reference.startsWith("sha256:") ? undefined : "look";
  const actions: Record<string, LogEvent["action"]> = { GET: "pull", PUT: "push", DELETE: "delete" };
  return actions[method];
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
