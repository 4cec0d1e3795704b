import type { ShellStep } from "./shell-step.ts";

/** What a step printed, in order, and whether it ended well. */
export type StepResult = { name: string; ok: boolean; output: string };

/** Where a job's steps run, one after the other. */
export type Workplace = {
  /** A folder of the job's own, for what its system keeps there. */
  folder: string;
  run(step: Omit<ShellStep, "name">): Promise<{ ok: boolean; output: string }>;
  /** A file's text, or nothing where there is none. */
  read(path: string): Promise<string>;
};

/** Runs steps until one fails, as all three systems do. What one writes to `$GITHUB_ENV`, those after it have. */
export async function runJob(steps: readonly ShellStep[], place: Workplace): Promise<StepResult[]> {
  const variables = `${place.folder}/variables`;
  const results: StepResult[] = [];
  for (const { name, ...step } of steps) {
    const earlier = Object.fromEntries(
      (await place.read(variables)).split("\n").flatMap((line) => {
        const at = line.indexOf("=");
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
      }),
    );
    const env = { GITHUB_ENV: variables, ...earlier, ...step.env };
    const result = { name, ...(await place.run({ ...step, env })) };
    results.push(result);
    if (!result.ok) break;
  }
  return results;
}
