import { z } from "zod";

export const Problem = z.strictObject({
  /** Whether the live storage has the problem, or what was restored from the backup. */
  in: z.enum(["live", "backup"]),
  /** As in "damaged blob", "missing blob", "broken link", "missing link" or "cannot be pulled". */
  what: z.string(),
  /** The blob's digest, or the link's path below `repositories`. */
  which: z.string(),
  /** The images that it hurts: REPOSITORY:TAG, or REPOSITORY@DIGEST for one without a tag. */
  hurts: z.array(z.string()),
});

type Problem = z.output<typeof Problem>;

/** Reads what the backup program printed: a line for each problem, and a summary as JSON. */
export function problemsIn(output: string): { problems: Problem[]; summary: object } {
  const lines = output.trimEnd().split("\n");
  const summary = Object(JSON.parse(lines.pop() ?? ""));
  const problems = lines.map((line) => {
    const [where, what, which, names = ""] = line.split("\t");
    return Problem.parse({ in: where, what, which, hurts: names === "" ? [] : names.split(",") });
  });
  return { problems, summary };
}
