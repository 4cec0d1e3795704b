import { text } from "node:stream/consumers";
import { askRegistry } from "./ask-registry.ts";
import { type PlanSecrets, planIn, planVariable } from "./plan.ts";
import { RegistryError } from "./registry-error.ts";

// The program that the Pulumi command runs: `node --import tsx existing/run.ts`. An environment variable has the plan,
// standard input the credentials.
const plan = planIn(process.env[planVariable] ?? "");
const { login } = JSON.parse(await text(process.stdin)) as PlanSecrets;
try {
  process.stdout.write(`${JSON.stringify(await askRegistry(plan, login))}\n`);
} catch (error) {
  if (!(error instanceof RegistryError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
