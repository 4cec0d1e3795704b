import { z } from "zod";

/** When something runs by itself, as systemd's `OnCalendar=` takes it too. */
export const Schedule = z
  .string()
  .regex(
    /^(hourly|((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01]\d|2[0-3]):[0-5]\d)$/,
    "hourly, a time of each day in UTC, as in 02:30, or of one day of the week, as in Sun 04:00",
  )
  .meta({ examples: ["02:30", "Sun 04:00", "hourly"] });
