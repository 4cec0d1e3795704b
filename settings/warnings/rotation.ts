import { pathText } from "../errors/problems.ts";
import { type Rotations, rotateBy, rotationOf } from "../rotation.ts";
import type { ClearSecrets } from "../secrets/secrets.ts";
import { type GivenPassword, passwordsIn } from "../secrets/shapes.ts";
import type { Settings } from "../settings.ts";

/** Warns of passwords older than `rotateEvery` and of rotations that have not ended. `today` as in 2027-03-31, UTC. */
export function* rotationWarnings(settings: Settings, secrets: ClearSecrets, today: string): Iterable<string> {
  const { accounts, rotations, rotateEvery } = settings;
  const given = passwordsIn(secrets.passwords ?? "{}");
  for (const { name } of accounts)
    if (isHalfRotated(name, rotations, given))
      yield `account ${name} has two passwords that work until its rotation ends: npm run -s registry -- rotate --account ${name}`;

  if (rotateEvery === undefined) return;
  yield* futureDateWarnings(settings, today);
  for (const { name, expires } of accounts) {
    if (expires !== undefined && expires < today) continue;
    const { date } = rotationOf(rotations, name) ?? {};
    const way = `npm run -s registry -- ${command(name, settings, given)}`;
    if (date === undefined)
      yield `account ${name} has no rotation on record, and rotateEvery is ${rotateEvery}: ${way}`;
    else if (rotateBy(date, rotateEvery) <= today)
      yield `account ${name} should have been rotated by ${rotateBy(date, rotateEvery)}: its password is of ${date}, and rotateEvery is ${rotateEvery}; rotate it: ${way}`;
  }
}

/** Warns of rotation dates in the future, because they delay the rotation warning until after that date. */
function* futureDateWarnings({ rotations }: Settings, today: string): Iterable<string> {
  for (const [name, { date }] of Object.entries(rotations))
    if (date > today)
      yield `${pathText(["rotations", name, "date"])} is ${date}, a day that has not come: correct it to the day the password was generated, or no preview warns before then`;
}

/** The `registry` command that replaces an account's password. */
function command(name: string, { variant }: Settings, given: Readonly<Record<string, GivenPassword>>): string {
  const byStdin = Object.hasOwn(given, name) ? " --password-stdin < FILE" : "";
  // Traefik accepts one password for each account, so two can never work at the same time.
  const isTraefik = variant.kind === "host" && variant.proxy === "traefik";
  return `${isTraefik ? `revoke ${name}` : `rotate --account ${name}`}${byStdin}`;
}

/**
 * Whether two passwords of an account work. The secret `passwords` lists both; for a generated password, `previous` of
 * its rotation tells.
 */
export function isHalfRotated(
  name: string,
  rotations: Rotations,
  given: Readonly<Record<string, GivenPassword>>,
): boolean {
  if (Object.hasOwn(given, name)) return Array.isArray(given[name]);
  return (rotationOf(rotations, name)?.previous ?? "revoked") !== "revoked";
}
