import { text } from "node:stream/consumers";
import { JenkinsClient } from "./client.ts";
import { JenkinsError } from "./jenkins-error.ts";
import { type PlanSecrets, planIn, planVariable } from "./plan.ts";
import { applyPlan, removePlan } from "./run-plan.ts";
import { CredentialStore } from "./store.ts";

// The program that the Pulumi command runs: `node --import tsx jenkins/run.ts apply|remove`. An environment variable
// has the plan, standard input the secrets.
const plan = planIn(process.env[planVariable] ?? "");
const secrets = JSON.parse(await text(process.stdin)) as PlanSecrets;
const { url, user, login, ca } = plan;
const store = new CredentialStore(new JenkinsClient({ url, user, kind: login, secret: secrets.login, ca }));
const last = process.env.PULUMI_COMMAND_STDOUT;
try {
  const run =
    process.argv[2] === "remove" ? removePlan(store, plan, secrets, last) : applyPlan(store, plan, secrets, last);
  process.stdout.write(`${JSON.stringify(await run)}\n`);
} catch (error) {
  if (!(error instanceof JenkinsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
