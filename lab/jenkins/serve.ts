import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Faults } from "./faults.ts";
import { type Answer, type Asked, oops, Refused } from "./http.ts";
import { page, type Site } from "./pages.ts";

export type LoggedRequest = {
  method: string;
  /** The request's path and query. */
  path: string;
  /** The answer's status, or 0 if the request was never answered. */
  status: number;
  body: string;
};

/** The fake Jenkins as a request listener for a server of Node.js. */
export function listener(site: Site, faults: Faults, log: LoggedRequest[]): RequestListener {
  return (request, response) => {
    handle(site, faults, log, request, response).catch(() => response.destroy());
  };
}

async function handle(
  site: Site,
  faults: Faults,
  log: LoggedRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk);
  const asked = parsed(request, Buffer.concat(body));
  const answer = await faults.around(asked, () => answered(site, asked));
  log.push({
    method: asked.method,
    path: request.url ?? "",
    status: answer?.status ?? 0,
    body: asked.body.toString("utf8"),
  });
  if (!answer) {
    response.destroy();
    return;
  }
  // Each connection serves only one request, so that no client reuses a connection that a restart has closed.
  response.writeHead(answer.status, { connection: "close", ...answer.headers }).end(answer.body);
}

async function answered(site: Site, asked: Asked): Promise<Answer> {
  try {
    await site.security.filter(asked);
    return await page(site, asked);
  } catch (error) {
    return error instanceof Refused ? error.answer : oops;
  }
}

function parsed({ method = "GET", url = "/", headers }: IncomingMessage, body: Buffer): Asked {
  const { pathname } = new URL(url, "https://jenkins");
  const segments = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { method, segments, headers: Object.fromEntries(texts), body };
}
