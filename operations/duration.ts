import { UsageError } from "./operation-error.ts";

/** The seconds of a duration that the user typed, as in `90s`, `10m` or `24h`. `option` is its name, as in `--wait`. */
export function durationSeconds(duration: string, option: string): number {
  const [, amount, unit] = /^(\d{1,5})([smh])$/.exec(duration) ?? [];
  if (amount === undefined) throw new UsageError(`${option} is a number and s, m or h, as in 10m`);
  return Number(amount) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"];
}

/** The number of days that the user typed, as in `30d`. `option` is its name, as in `--older-than`. */
export function durationDays(duration: string, option: string): number {
  const [, days] = /^([1-9]\d{0,4})d$/.exec(duration) ?? [];
  if (days === undefined) throw new UsageError(`${option} is a number of days, as in 30d`);
  return Number(days);
}
