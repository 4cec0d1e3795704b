import { docker } from "../lab/docker/docker.ts";
import { type SshNode, startSshNodes } from "../lab/hosts/ssh-nodes.ts";
import { machineImage } from "../lab/images/machine-image.ts";
import { startLab } from "../lab/lab.ts";
import { namesOfTheLab } from "../lab/network/names-of-the-lab.ts";
import { step } from "../lab/progress.ts";
import { type RegistryStack, registryStack } from "../test/e2e/support/host/registry-stack.ts";
import { registryCommand } from "../test/e2e/support/registry-command.ts";
import { type Row, row } from "./row.ts";

const many = 50;
const rounds = 5;

/** What doctor may take for many nodes: so often the time of one, and these seconds. */
const allowed = { ratio: 1.5, seconds: 5 };

/** What `status` may take on a healthy host, in seconds. */
const statusSeconds = 2;

/** `status` of a healthy host, and `doctor` over many nodes beside one. The nodes share this machine's processors, which real ones do not. */
export async function healthRows(): Promise<Row[]> {
  await startLab();
  const image = await machineImage("bare");
  await using registry = await registryStack({ name: "bench-health" });
  await using fleet = await startSshNodes({ prefix: "bench-health", count: many, image });
  for (const { container } of fleet.nodes)
    await docker(["exec", container, "mkdir", "-p", "/var/snap/microk8s/current/args"]);
  const status = await step("status of a healthy host", () => statusRow(registry));
  return [status, ...(await step(`doctor over ${many} nodes, beside one`, () => doctorRows(registry, fleet.nodes)))];
}

async function statusRow({ stack }: RegistryStack): Promise<Row> {
  await stack.up();
  const ask = () => secondsOf(stack, "status");
  // The first one bundles the commands.
  await ask();
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await ask(), statusSeconds]);
  return row({ what: "status of a healthy host", unit: "s", peer: "what it may take", pairs, atMost: 1 });
}

async function doctorRows({ stack, machine }: RegistryStack, nodes: readonly SshNode[]): Promise<Row[]> {
  const entries = nodes.map(({ name, connection }) => ({
    ...{ name, connection, runtime: "microk8s", hostsEntry: machine.address, verify: "none" },
  }));
  const doctor = async (count: number) => {
    await stack.setConfig({ nodes: entries.slice(0, count) });
    return secondsOf(stack, "doctor");
  };
  await stack.setConfig({ nodes: entries });
  await stack.up();
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await doctor(many), await doctor(1)]);
  const what = `doctor over ${many} nodes`;
  const after = pairs.map(([ours, theirs]): [number, number] => [Math.max(0, ours - allowed.seconds), theirs]);
  return [
    row({ what, unit: "s", peer: "one node", pairs }),
    row({
      what: `${what}, less ${allowed.seconds} s`,
      unit: "s",
      peer: "one node",
      pairs: after,
      atMost: allowed.ratio,
    }),
  ];
}

/** How long a command of a healthy stack takes, as a person runs it. */
async function secondsOf(stack: RegistryStack["stack"], command: string): Promise<number> {
  const started = performance.now();
  const { exitCode, output } = await registryCommand(stack, [command], "", namesOfTheLab).result;
  if (exitCode !== 0) throw new Error(`registry ${command} ends with ${exitCode}: ${output}`);
  return (performance.now() - started) / 1000;
}
