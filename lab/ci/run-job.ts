import type { ShellStep } from "./shell-step.ts";

/** What a step printed, and whether it succeeded. */
export type StepResult = { name: string; ok: boolean; output: string };

/** A directory on some machine in which a job's steps run. */
export type JobWorkspace = {
  /** A folder for files that the CI system writes for the job. */
  folder: string;
  run(step: Omit<ShellStep, "name">): Promise<{ ok: boolean; output: string }>;
  /** A file's text, or an empty text if the file does not exist. */
  read(path: string): Promise<string>;
};

/**
 * Runs steps until one fails, as Jenkins, GitHub and GitLab do. Variables that a step writes to `$GITHUB_ENV` are set for
 * later steps.
 */
export async function runJob(steps: readonly ShellStep[], workspace: JobWorkspace): Promise<StepResult[]> {
  const variables = `${workspace.folder}/variables`;
  const results: StepResult[] = [];
  for (const { name, ...step } of steps) {
    const earlier = Object.fromEntries(
      (await workspace.read(variables)).split("\n").flatMap((line) => {
        const at = line.indexOf("=");
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
      }),
    );
    const env = { GITHUB_ENV: variables, ...earlier, ...step.env };
    const result = { name, ...(await workspace.run({ ...step, env })) };
    results.push(result);
    if (!result.ok) break;
  }
  return results;
}
