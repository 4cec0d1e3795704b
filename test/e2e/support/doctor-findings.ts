import { execa } from "execa";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { DoctorReport } from "../../../operations/commands/doctor/doctor-report.ts";
import { registryCommand } from "./registry-command.ts";

type Findings = DoctorReport["findings"];

/** What `registry doctor` finds in a stack, with its exit code. */
export async function doctorOf(stack: PulumiStack, ...args: string[]): Promise<DoctorReport & { exitCode: number }> {
  const command = registryCommand(stack, ["doctor", ...args, "--json"], "", namesOfTheLab);
  const { exitCode, stdout, output } = await command.result;
  const { data } = DoctorReport.safeParse(stdout.startsWith("{") ? JSON.parse(stdout) : undefined);
  if (data === undefined) throw new Error(output);
  return { exitCode, ...data };
}

export async function doctorFindings(stack: PulumiStack): Promise<Findings> {
  return (await doctorOf(stack)).findings;
}

/** What several runs found, one after the other, without what each leaves out. */
export async function foundInARow(stack: PulumiStack, isOwn: (finding: Findings[number]) => boolean = () => true) {
  const found: Findings[] = [];
  for (let run = 0; run < 3; run++) {
    const { exitCode, findings } = await doctorOf(stack);
    if (exitCode !== (findings.length === 0 ? 0 : 3)) throw new Error(`exit code ${exitCode}`);
    found.push(findings.filter(isOwn));
  }
  return found.flat();
}

/** Runs the commands that doctor has printed, each once, as the operator would, who says yes to `pulumi up`. */
export async function runMends({ env, projectDir }: PulumiStack, findings: Findings, input = ""): Promise<void> {
  const mends = new Set(findings.map(({ mend }) => mend.replace("pulumi up ", "pulumi up --yes --skip-preview ")));
  // Those that look again come last, since they fail where something is left.
  for (const mend of [...mends].sort((one, other) => Number(looksAgain(one)) - Number(looksAgain(other))))
    await execa("sh", ["-ec", mend], {
      ...{ cwd: projectDir, env: { ...env, ...namesOfTheLab, PULUMI_CONFIG_PASSPHRASE: undefined } },
      ...{ input, timeout: 120_000 },
    });
}

function looksAgain(mend: string): boolean {
  return mend.includes("doctor --fix");
}
