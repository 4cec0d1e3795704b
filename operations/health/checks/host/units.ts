import type { Check } from "../../check.ts";
import type { CheckedHost } from "./checked-host.ts";

/** What a service that failed is done by, by hand. */
const byHand: Record<string, string> = {
  "container-registry-collect.service": "collect",
  "container-registry-backup.service": "backup",
  "container-registry-backup-verify.service": "backup verify",
};

export const units: readonly Check<CheckedHost>[] = [
  {
    id: "scheduled-work-failed",
    title: "the last collection, backup and verification went well",
    followsFrom: ["disk-full", "storage-read-only"],
    run: ({ health, where, mends, command }) =>
      (health.units ?? [])
        .filter(({ Id, LoadState, ActiveState }) => Id in byHand && LoadState === "loaded" && ActiveState === "failed")
        .map(({ Id, Result, ExecMainStatus }) => ({
          problem: `the last run of ${Id} failed (${Result} ${ExecMainStatus})`,
          ...{ where, affects: "the operator, who relies on it", fixable: false },
          cause: `what it said: ${command(`journalctl -u ${Id} -n 20`)}`,
          mend: `npm run -s registry -- ${byHand[Id]} ${mends.options}`,
        })),
  },
  {
    id: "unit-disabled",
    title: "the registry and its timers start with the machine",
    run: ({ health, where, mends }) =>
      (health.units ?? [])
        .filter(
          ({ Id, LoadState }) =>
            LoadState === "loaded" && (Id === "container-registry.service" || Id.endsWith(".timer")),
        )
        .filter(
          ({ UnitFileState, ActiveState, Id }) =>
            UnitFileState !== "enabled" || (Id.endsWith(".timer") && ActiveState !== "active"),
        )
        .map(({ Id, UnitFileState, ActiveState }) => ({
          problem: `${Id} is ${UnitFileState} and ${ActiveState}`,
          where,
          affects: Id.endsWith(".timer")
            ? "the operator, who relies on what it starts"
            : "everybody, after the machine's next start",
          ...{ cause: "somebody stopped or disabled it", mend: mends.fix, fixable: true },
        })),
  },
];
