import { JenkinsClient } from "./client.ts";
import { JenkinsError } from "./jenkins-error.ts";
import { type PlanSecrets, planIn, planVariable } from "./plan.ts";
import { applyPlan, removePlan } from "./run-plan.ts";
import { CredentialStore } from "./store.ts";

/**
 * Applies or removes the plan of the environment variable, and prints a summary to standard output. An error of Jenkins is
 * printed without its stack, and sets the exit code.
 */
export async function runCommand(action: "apply" | "remove", secrets: PlanSecrets): Promise<void> {
  const plan = planIn(process.env[planVariable] ?? "");
  const { url, user, login, ca } = plan;
  const store = new CredentialStore(new JenkinsClient({ url, user, kind: login, secret: secrets.login, ca }));
  const last = process.env.PULUMI_COMMAND_STDOUT;
  try {
    const run = action === "remove" ? removePlan(store, plan, secrets, last) : applyPlan(store, plan, secrets, last);
    process.stdout.write(`${JSON.stringify(await run)}\n`);
  } catch (error) {
    if (!(error instanceof JenkinsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
