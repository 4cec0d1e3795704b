import type { Settings } from "../settings.ts";
import { limits } from "./limits.ts";

/** Warns of accounts that have expired or soon will. `today` is a day in UTC, as in 2027-03-31. */
export function* expiryWarnings(settings: Settings, today: string): Iterable<string> {
  for (const { name, expires } of settings.accounts) {
    if (expires === undefined) continue;
    const daysLeft = (Date.parse(expires) - Date.parse(today)) / 86_400_000;
    if (daysLeft < 0) yield `account ${name} expired on ${expires}${users(name, settings)}`;
    else if (daysLeft <= limits.accountDays)
      yield `account ${name} works to the end of ${expires} (UTC)${users(name, settings)}; to keep it, set accounts[].expires to a later day`;
  }
}

/** The end of a warning: everything that uses the account, and so stops working with it. */
function users(name: string, { containerRegistry, pullSecrets, flux, nodes }: Settings): string {
  const all = [
    ...(containerRegistry.account === name ? ["CI logs in with it"] : []),
    ...pullSecrets
      .filter(({ account }) => account === name)
      .map(({ namespace, name }) => `pods in ${namespace} pull with it by ${name}`),
    ...(flux?.account === name ? ["Flux reads with it"] : []),
    ...nodes.filter(({ account }) => account === name).map((node) => `node ${node.name} pulls with it`),
  ];
  return all.length === 0 ? "" : `, and ${all.join(", ")}`;
}
