import { z } from "zod";

const time = "((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01]\\d|2[0-3]):[0-5]\\d";

/** When something runs by itself, as systemd's `OnCalendar=` takes it too. */
export const Schedule = z
  .string()
  .regex(
    new RegExp(`^(hourly|${time})$`),
    "hourly, a time of each day in UTC, as in 02:30, or of one day of the week, as in Sun 04:00",
  )
  .meta({ examples: ["02:30", "Sun 04:00", "hourly"] });

/** Like `Schedule`, for what runs once a day at most. */
export const DailySchedule = z
  .string()
  .regex(new RegExp(`^${time}$`), "a time in UTC, as in 03:00 or Sun 03:00")
  .meta({ examples: ["03:00", "Sun 03:00"] });

/** How much time is between two runs, in seconds. */
export function intervalSeconds(schedule: string): number {
  if (schedule === "hourly") return 3600;
  return schedule.includes(" ") ? 7 * 86_400 : 86_400;
}
