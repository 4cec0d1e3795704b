import { defineCommand } from "citty";
import { runCli } from "./run-cli.ts";

const registry = defineCommand({
  meta: { name: "registry", description: "Day-2 work on a live stack" },
  subCommands: {},
});

process.exitCode = await runCli(registry, process.argv.slice(2));
