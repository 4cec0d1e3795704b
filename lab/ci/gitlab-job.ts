import { parse } from "yaml";
import type { ShellStep } from "./shell-step.ts";

type Job = { extends?: string; variables?: Record<string, string>; before_script?: string[]; script?: string[] };

/** A job of a `.gitlab-ci.yml` as a runner executes it: `before_script` and `script`, each as one script. */
export function gitlabJob(text: string, name: string, variables: Record<string, string>): ShellStep[] {
  const job = merged(parse(text) as Record<string, Job>, name);
  return (["before_script", "script"] as const).flatMap((section) => {
    const lines = job[section];
    if (lines === undefined) return [];
    const env = { ...job.variables, ...variables };
    // @see GitLab Runner: the shell executor's Bash ends with the first failure, of a pipe's parts too
    return [{ name: section, script: lines.join("\n"), shell: ["bash", "-eo", "pipefail"] as const, env }];
  });
}

/** The job with the keys of the job it `extends`; variables are merged by name. */
function merged(jobs: Record<string, Job>, name: string): Job {
  const job = jobs[name];
  if (job === undefined) throw new Error(`there is no job ${name}`);
  if (job.extends === undefined) return job;
  const base = merged(jobs, job.extends);
  return { ...base, ...job, variables: { ...base.variables, ...job.variables } };
}
