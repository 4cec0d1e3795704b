import { X509Certificate } from "node:crypto";
import type { Seen } from "./look.ts";
import type { StatusReport } from "./status-report.ts";

const day = 86_400_000;

/** The certificate that clients are shown, and the stack's own CA if it has one. `ca`: PEM, or empty. */
export function certificateIn(
  shown: Seen["served"]["certificate"],
  ca: string,
  now: Date,
): StatusReport["certificate"] | undefined {
  if (shown === undefined) return undefined;
  const own = ca === "" ? undefined : new X509Certificate(ca);
  return {
    issuer: nameIn(shown.issuer),
    ...ending(shown, now, (ends, daysLeft) => ({ ends, daysLeft })),
    ...(own && ending(own, now, (caEnds, caDaysLeft) => ({ caEnds, caDaysLeft }))),
  };
}

export function daysUntil(time: Date | string, now: Date): number {
  return Math.floor((new Date(time).getTime() - now.getTime()) / day);
}

function ending<T>(
  { validTo }: Pick<X509Certificate, "validTo">,
  now: Date,
  named: (ends: string, daysLeft: number) => T,
): T {
  return named(new Date(validTo).toISOString(), daysUntil(validTo, now));
}

/** The common name, else the organization. A server that nobody has verified wrote it. */
function nameIn(issuer: string): string {
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(issuer)?.[1];
  return (field("CN") ?? field("O") ?? "an unnamed CA").replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
}
