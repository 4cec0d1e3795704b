import { Failure, failureOf } from "./failure.ts";
import { record, text } from "./fields.ts";
import { queue, type Turn } from "./queue.ts";

/** The logged-in account. Only in memory: a reload logs out. */
export type Session = { account: string; token: string };

/** A successful response; `body` is its JSON, or undefined if it has none. */
export type Answer = { headers: Headers; body: unknown };

export type Registry = {
  session: Session | undefined;
  /** The response to one request; throws a Failure unless it is successful. */
  ask(path: string, options?: { method?: string; accept?: string } & Turn): Promise<Answer>;
};

const requestsAtOnce = 6;
const timeoutSeconds = 30;

/** The registry's API at the root of an origin. */
export function connect(origin: string, session?: Session): Registry {
  const inTurn = queue(requestsAtOnce);
  return {
    session,
    ask(path, { method = "GET", accept = "application/json", ...turn } = {}) {
      const headers = { accept, ...(session && { authorization: `Bearer ${session.token}` }) };
      return inTurn(() => request(`${origin}${path}`, { method, headers }, turn.signal), turn);
    },
  };
}

/** Exchanges a password for a token, without the browser's login prompt or password store. */
export async function logIn(origin: string, account: string, password: string): Promise<Session> {
  const basic = btoa(String.fromCharCode(...new TextEncoder().encode(`${account}:${password}`)));
  const service = encodeURIComponent(new URL(origin).host);
  const answer = await request(`${origin}/token?service=${service}`, { headers: { authorization: `Basic ${basic}` } });
  const token = text(record(answer.body).token);
  if (token === undefined) throw new Failure("broken", "The registry sent no token");
  return { account, token };
}

async function request(url: string, options: RequestInit, signal?: AbortSignal): Promise<Answer> {
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const signals = signal ? AbortSignal.any([signal, limit]) : limit;
  const unreachable = (error: Error) => {
    signal?.throwIfAborted();
    throw new Failure("unreachable", limit.aborted ? timedOut : `The registry cannot be reached (${error.message})`);
  };
  const answer = await fetch(url, { ...options, credentials: "omit", signal: signals }).catch(unreachable);
  if (!answer.ok) throw await failureOf(answer);
  const content = await answer.text().catch(unreachable);
  return { headers: answer.headers, body: content === "" ? undefined : JSON.parse(content) };
}

const timedOut = `The registry did not answer within ${timeoutSeconds} s`;
