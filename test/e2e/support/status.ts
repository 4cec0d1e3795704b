import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { StatusReport } from "../../../operations/commands/status/status-report.ts";
import { registryCommand } from "./registry-command.ts";

/** What `registry status --json` prints, with its exit code. */
export async function statusOf(stack: PulumiStack) {
  const { exitCode, stdout } = await registryCommand(stack, ["status", "--json"], "", namesOfTheLab).result;
  return { exitCode, report: StatusReport.parse(JSON.parse(stdout)) };
}
