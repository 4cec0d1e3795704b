import { z } from "zod";

/** A pattern for whole tags: `*` stands for any characters, also for none. */
export const TagGlob = z
  .string()
  .regex(/^(?=.{1,128}$)[\w*][\w.*-]*$/, "a tag, in which * stands for any characters, as in v* or *-release")
  .meta({ description: "Whole tags; `*` is any characters", examples: ["latest", "v*", "*-release"] });
