import { parse } from "yaml";
import type { ShellStep } from "./shell-step.ts";

/** Values that replace `${{ … }}` expressions in a workflow, such as `vars.PULUMI_STACKS`. */
export type GithubContext = Record<string, Record<string, string>>;

type Variables = Record<string, string>;
type Workflow = {
  env?: Variables;
  jobs: Record<string, { env?: Variables; steps: { name?: string; run?: string; env?: Variables }[] }>;
};

/** The shell steps of a workflow's job. Steps that use an action are left out. */
export function githubJob(text: string, job: string, context: GithubContext): ShellStep[] {
  const workflow = parse(text) as Workflow;
  const { env, steps } = workflow.jobs[job] ?? missing(job);
  return steps.flatMap(({ name = "", run, env: own }) =>
    run === undefined
      ? []
      : [
          {
            name,
            script: literal(run),
            // @see GitHub's documentation: jobs.<job_id>.steps[*].shell, unspecified
            shell: ["bash", "-e"] as const,
            env: filled({ ...workflow.env, ...env, ...own }, context),
          },
        ],
  );
}

/**
 * Returns a script without `${{ … }}` expressions, and rejects any other: through them a branch name could inject shell
 * commands.
 */
function literal(script: string): string {
  if (script.includes("${{")) throw new Error(`pass expressions by \`env\`, not inside the script: ${script}`);
  return script;
}

function filled(env: Variables, context: GithubContext): Variables {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{ (\w+)\.(\w+) \}\}/g, (_, from: string, key: string) => context[from]?.[key] ?? ""),
    ]),
  );
}

function missing(job: string): never {
  throw new Error(`the workflow has no job ${job}`);
}
