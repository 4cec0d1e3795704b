/** When an image was created; none if its builder wrote a fixed date for reproducible builds (1970, 1980). */
export function createdAt(text: string | undefined): Date | undefined {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() <= 1980 ? undefined : date;
}

const seconds = { year: 31_556_952, month: 2_629_746, week: 604_800, day: 86_400, hour: 3_600, minute: 60 } as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** How long ago, in the largest unit of which there is at least one. */
export function ageText(date: Date, now: Date): string {
  const elapsed = (date.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of Object.entries(seconds) as [keyof typeof seconds, number][])
    if (Math.abs(elapsed) >= length) return relative.format(Math.trunc(elapsed / length), unit);
  return "just now";
}

/** Date and minute in UTC. */
export function timeText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
