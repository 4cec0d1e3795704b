export type Timer = {
  description: string;
  /** A time in UTC: `minutely`, `hourly`, `02:30` or `Sun 04:00`. */
  schedule: string;
  /** Up to how much later it starts, in minutes, so that several hosts do not start in the same minute. */
  delayMinutes: number;
};

/** A systemd timer that starts the service of the same name, also after a time at which the machine was off. */
export function systemdTimer({ description, schedule, delayMinutes }: Timer): string {
  return `[Unit]
Description=${description}

[Timer]
OnCalendar=${often[schedule] ?? schedule} UTC
RandomizedDelaySec=${delayMinutes}min
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** systemd takes a time zone only after the long form. */
const often: Record<string, string> = { minutely: "*-*-* *:*:00", hourly: "*-*-* *:00:00" };
