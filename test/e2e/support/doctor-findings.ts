import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { DoctorReport } from "../../../operations/commands/doctor/doctor-report.ts";
import { registryCommand } from "./registry-command.ts";

/** What `registry doctor` finds in a stack. */
export async function doctorFindings(stack: PulumiStack): Promise<DoctorReport["findings"]> {
  const { stdout, output } = await registryCommand(stack, ["doctor", "--json"], "", namesOfTheLab).result;
  const { data } = DoctorReport.safeParse(stdout.startsWith("{") ? JSON.parse(stdout) : undefined);
  if (data === undefined) throw new Error(output);
  return data.findings;
}
