import { join } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import { startMachine } from "../../../../lab/hosts/machine.ts";
import { namesOfTheLab } from "../../../../lab/network/names-of-the-lab.ts";
import { DoctorReport } from "../../../../operations/commands/doctor/doctor-report.ts";
import { registry as commands } from "../../../../operations/registry.ts";
import { said } from "../../../unit/operations/output.ts";
import type { Cleanup } from "../../../with-world.ts";
import { dressedReady, dressedUnit } from "../nodes/node-files.ts";
import { accounts, type Patient } from "./doctor-faults.ts";
import { registryStack } from "./registry-stack.ts";

/** A registry host with a disk of its own for images, and two nodes: the host's own Docker, and a fake k3s. */
export async function doctorWorld({ use, defer }: Cleanup): Promise<Patient> {
  const [registry, k3s] = await Promise.all([
    registryStack({ name: "doctor", machine: { disks: { "/srv/data": 64 } }, accounts }),
    startMachine({ name: "doctor-k3s", kind: "bare" }),
  ]);
  use(registry);
  use(k3s);
  await dressedReady(k3s);
  const { machine, stack } = registry;
  const nodes = [
    { name: "self", runtime: "docker", connection: machine.connection, hostsEntry: machine.address, verify: "pull" },
    { name: "worker", runtime: "k3s", connection: k3s.connection, hostsEntry: machine.address, restart: true },
  ];
  await stack.setConfig({ nodes });
  await stack.up();
  await dressedUnit(k3s, "k3s");

  for (const [name, value] of Object.entries({ ...stack.env, LAB_DNS: namesOfTheLab.LAB_DNS })) vi.stubEnv(name, value);
  // A variable, since the module reads its environment when it is loaded.
  const names = "../../../../lab/network/names-of-the-lab.js";
  await import(names);
  defer(() => vi.unstubAllEnvs());
  return { registry, k3s };
}

/** Runs `registry doctor` in this process. */
export async function doctor(patient: Patient, ...args: string[]): Promise<DoctorReport> {
  return DoctorReport.parse(await command(patient, "doctor", ...args));
}

/** Runs a command of the registry in this process. What it prints as JSON. */
export async function command({ registry: { stack } }: Patient, ...words: string[]): Promise<unknown> {
  const name = String(stack.env.PULUMI_STACK);
  const file = join(stack.stateDir, `settings/Pulumi.${name}.yaml`);
  const { stdout, stderr } = await said(commands, [...words, "--json", "--stack", name, "--config-file", file]);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${words.join(" ")} says ${stdout}\n${stderr}`);
  }
}

/** Runs a command that doctor has printed, as the operator would. What it finds afterwards, where the command looks again. */
export async function runMend(patient: Patient, mend: string): Promise<DoctorReport | undefined> {
  const { stack, machine } = patient.registry;
  if (mend.startsWith("npm run -s registry -- doctor --fix ")) return doctor(patient, "--fix");
  const here = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=10";
  const command = mend
    .replace(/^ssh /, `ssh -i ${machine.keys.privateKeyFile} ${here} `)
    .replace(/^pulumi up /, "pulumi up --yes --skip-preview ");
  if (command === mend) throw new Error(`no command: ${mend}`);
  await execa("sh", ["-ec", command], {
    ...{ cwd: stack.projectDir, env: { ...stack.env }, stdin: "ignore", timeout: 60_000 },
  });
  return undefined;
}
