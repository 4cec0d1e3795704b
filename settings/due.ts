import { passwordsIn } from "./secret-shapes.ts";
import type { ClearSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

/** What `rotateEvery` asks for, and rotations that have not ended. `today` as in 2027-03-31, UTC. */
export function* rotationWarnings(settings: Settings, secrets: ClearSecrets, today: string): Iterable<string> {
  for (const name of halfRotated(settings, secrets))
    yield `account ${name} has two passwords that work until its rotation ends: npm run -s registry -- rotate --account ${name}`;

  const { accounts, rotations, rotateEvery } = settings;
  if (rotateEvery === undefined) return;
  for (const { name, expires } of accounts) {
    if (expires !== undefined && expires < today) continue;
    const { on } = rotations[name] ?? {};
    const way = `npm run -s registry -- rotate --account ${name}`;
    if (on === undefined) yield `account ${name} has no rotation on record, and rotateEvery is ${rotateEvery}: ${way}`;
    else if (dueOn(on, rotateEvery) <= today)
      yield `account ${name} is due since ${dueOn(on, rotateEvery)}: its password is of ${on}, and rotateEvery is ${rotateEvery}: ${way}`;
  }
}

/** Accounts of which two passwords work. */
export function halfRotated({ accounts, rotations }: Settings, secrets: ClearSecrets): string[] {
  const given = passwordsIn(secrets.passwords ?? "{}");
  return accounts
    .map(({ name }) => name)
    .filter((name) => {
      if (Object.hasOwn(given, name)) return Array.isArray(given[name]);
      return (rotations[name]?.previous ?? "gone") !== "gone";
    });
}

function dueOn(on: string, rotateEvery: string): string {
  const day = new Date(`${on}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number.parseInt(rotateEvery, 10));
  return day.toISOString().slice(0, 10);
}
