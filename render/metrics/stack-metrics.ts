import type { Account } from "../../settings/accounts.ts";
import type { Monitoring } from "../../settings/monitoring.ts";
import { type Rotations, rotateBy, rotationOf } from "../../settings/rotation.ts";
import { accountEnd } from "../proxy/rights.ts";

/** Who reads metrics, and what is known about passwords. */
export type MonitoringSettings = Monitoring & PasswordAges;

type PasswordAges = {
  rotations: Rotations;
  /** @default passwords need no rotation */
  rotateEvery?: string | undefined;
};

/**
 * The metrics that follow from the stack's settings: until when accounts work, and when passwords should be rotated.
 * @see Prometheus: Exposition formats, text format 0.0.4
 */
export function stackMetrics(accounts: readonly Account[], { rotations, rotateEvery }: PasswordAges): string {
  const expiries = accounts.flatMap(({ name, expires }) =>
    expires === undefined ? [] : [sample("account_expiry", name, accountEnd(expires))],
  );
  const rotateBefore = accounts.flatMap(({ name }) => {
    const date = rotationOf(rotations, name)?.date;
    if (date === undefined || rotateEvery === undefined) return [];
    return [sample("rotation_due", name, Date.parse(rotateBy(date, rotateEvery)) / 1000)];
  });
  return [
    ...family("account_expiry", "When the account stops working, in seconds since 1970.", expiries),
    ...family(
      "rotation_due",
      "When the account's password should have been rotated, in seconds since 1970.",
      rotateBefore,
    ),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function family(name: string, help: string, samples: readonly string[]): string[] {
  const metric = `container_registry_${name}_timestamp_seconds`;
  return [`# HELP ${metric} ${help}`, `# TYPE ${metric} gauge`, ...samples];
}

// Account names have no character that a label's value would have to escape.
function sample(name: string, account: string, seconds: number): string {
  return `container_registry_${name}_timestamp_seconds{account="${account}"} ${seconds}`;
}
