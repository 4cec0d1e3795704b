import type { LogEvent } from "./log-event.ts";

/** One line of text for one event. */
export function eventText({ at, action, account, repository, reference, status, failed, address, client }: LogEvent) {
  const image = [repository, reference && `${reference.startsWith("sha256:") ? "@" : ":"}${shortened(reference)}`].join(
    "",
  );
  const program = client.split(" ")[0] || "an unnamed client";
  const what = failed ? `${action} ${failure(status)}` : done[action];
  return [at.slice(0, 19).replace("T", " "), who(account).padEnd(12), what, image, `from ${address} by ${program}`]
    .filter(Boolean)
    .join("  ");
}

/** All events: what failed comes first, since that is what people look for. */
export function eventsText(events: readonly LogEvent[]): string {
  const [failed, done] = [events.filter((each) => each.failed), events.filter((each) => !each.failed)];
  const part = (title: string, some: readonly LogEvent[]) =>
    some.length === 0 ? [] : [[`${title}:`, ...some.map(eventText)].join("\n")];
  const all = [...part("failed", failed), ...part("pulls, pushes and deletions", done)];
  return all.length === 0 ? "nobody pulled, pushed or failed in this time" : all.join("\n\n");
}

const done = {
  pull: "pulled",
  look: "looked at",
  push: "pushed",
  delete: "deleted",
  login: "logged in",
  other: "asked",
};

function who(account: string | undefined): string {
  return account ?? "anonymous";
}

function shortened(reference: string): string {
  return reference.startsWith("sha256:") ? reference.slice(0, "sha256:".length + 12) : reference;
}

function failure(status: number): string {
  const words: Record<number, string> = {
    401: "refused: wrong password or token",
    403: "refused: no right",
    404: "failed: not there",
    413: "failed: too large",
    429: "failed: too many requests",
  };
  return `${words[status] ?? (status >= 500 ? "failed: the registry has an error" : "failed")} (${status})`;
}
