import type { JenkinsBinding } from "./jenkins-binding.ts";
import type { Jenkinsfile } from "./jenkinsfile.ts";
import type { ShellStep } from "./shell-step.ts";

/** A secret in Jenkins' store, or the path of the file it was written to. */
export type JenkinsSecret =
  | { username: string; password: string }
  | { secret: string }
  /** The file's path on the agent. */
  | { file: string };

/**
 * The shell steps of a job. Their environment has the variables of the agent and of the pipeline, and the bound credentials.
 */
export function jenkinsJob(
  { environment, steps }: Jenkinsfile,
  agent: Record<string, string>,
  store: Record<string, JenkinsSecret>,
): ShellStep[] {
  const env = { ...agent, ...environment };
  return steps.map(({ stage, script, bindings }) => ({
    name: stage,
    script,
    // @see Jenkins' durable-task plugin: how it runs a script without #!
    shell: ["sh", "-xe"],
    env: Object.assign({}, env, ...bindings.map((binding) => bound(binding, env, store))),
  }));
}

/** @see credentials-binding: usernamePassword, string, file */
function bound(
  { kind, args }: JenkinsBinding,
  env: Record<string, string>,
  store: Record<string, JenkinsSecret>,
): Record<string, string> {
  const id = filled(args.credentialsId ?? "", env);
  const secret = store[id];
  if (secret === undefined) throw new Error(`Could not find credentials entry with ID '${id}'`);
  const { usernameVariable = "", passwordVariable = "", variable = "" } = args;
  if (kind === "usernamePassword" && "username" in secret)
    return { [usernameVariable]: secret.username, [passwordVariable]: secret.password };
  if (kind === "string" && "secret" in secret) return { [variable]: secret.secret };
  if (kind === "file" && "file" in secret) return { [variable]: secret.file };
  throw new Error(`Credentials '${id}' is of another type than ${kind}`);
}

function filled(template: string, env: Record<string, string>): string {
  return template.replace(/\$\{(?:env\.)?(\w+)\}/g, (_, name: string) => {
    if (env[name] === undefined) throw new Error(`No such property: ${name}`);
    return env[name];
  });
}
