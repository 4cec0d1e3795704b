import { say } from "./progress.ts";

/** Servers that offer official parts, each with a URL of it that answers everybody. */
const urls = {
  "get.pulumi.com": "https://get.pulumi.com/install.sh",
  "docker.io": "https://registry-1.docker.io/v2/",
  "ghcr.io": "https://ghcr.io/v2/",
};

export type OfficialSource = keyof typeof urls;

/** Why a source cannot be reached, or undefined if it can. */
export type Reachability = Record<OfficialSource, string | undefined>;

let asked: Promise<Reachability> | undefined;

/**
 * Whether a server with official parts can be reached. The first question asks all of them at once, and prints what that means
 * for the time to wait.
 */
export async function canBeReached(source: OfficialSource): Promise<boolean> {
  asked ??= askAll();
  return (await asked)[source] === undefined;
}

async function askAll(): Promise<Reachability> {
  const sources = Object.keys(urls) as OfficialSource[];
  const reasons = await Promise.all(sources.map((source) => whyUnreachable(urls[source])));
  const found = Object.fromEntries(sources.map((source, index) => [source, reasons[index]])) as Reachability;
  say(whatToExpect(found));
  return found;
}

/** One line that says which servers can be reached, and how long the lab takes to start. */
export function whatToExpect(found: Reachability): string {
  const missing = Object.entries(found).filter(([, reason]) => reason !== undefined);
  if (missing.length === 0)
    return `▸ official parts: ${list(Object.keys(found))} answer, so nothing has to be compiled`;
  const reasons = missing.map(([source, reason]) => `${source} (${reason})`);
  return `▸ official parts: ${list(reasons)} cannot be reached; what comes from there is built from Go modules instead, which takes about 12 minutes the first time, and seconds later`;
}

/** Asks a URL and returns why it cannot be used, or undefined if it can. 401 is an answer: registries ask for a token. */
export async function whyUnreachable(url: string, timeoutMs = 4000): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(timeoutMs) });
    return ok || status === 401 ? undefined : `it answers ${status}`;
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === "TimeoutError") return `no answer in ${timeoutMs / 1000} s`;
    return cause?.message || cause?.code || message;
  }
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
