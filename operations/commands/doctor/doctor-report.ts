import { z } from "zod";
import { Finding } from "../../health/finding.ts";
import { ReadImages } from "../../health/images/read-images.ts";

/** What `registry doctor --json` prints. Fields may be added, none is removed. */
export const DoctorReport = z.object({
  /** The parts that were asked, as in `node node-1 (203.0.113.7)`. */
  asked: z.array(z.string()),
  findings: z.array(Finding),
  /** With --deep: how much was read; missing where the images could not be read. */
  images: ReadImages.optional(),
  /** With --fix: the machines whose last `up` was applied once more, and why that failed where it did. */
  fixed: z.array(z.object({ where: z.string(), error: z.string().optional() })).optional(),
});

export type DoctorReport = z.output<typeof DoctorReport>;
