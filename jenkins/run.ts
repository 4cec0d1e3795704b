import { text } from "node:stream/consumers";
import type { PlanSecrets } from "./plan.ts";
import { runCommand } from "./run-command.ts";

// The program that the Pulumi command runs: `node --import tsx jenkins/run.ts apply|remove`. An environment variable
// has the plan, standard input the secrets.
const secrets = JSON.parse(await text(process.stdin)) as PlanSecrets;
await runCommand(process.argv[2] === "remove" ? "remove" : "apply", secrets);
