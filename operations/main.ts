import { registry } from "./registry.ts";
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli(registry, process.argv.slice(2));
