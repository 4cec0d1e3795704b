import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { docker } from "../lab/docker/docker.ts";
import { type PulumiStack, startStack } from "../lab/engine/pulumi-stack.ts";
import { type SshNode, startSshNodes } from "../lab/hosts/ssh-nodes.ts";
import { ansibleNodeImage } from "../lab/images/ansible-node-image.ts";
import { startLab } from "../lab/lab.ts";
import { step } from "../lab/progress.ts";
import { newCa } from "../lab/services/ca.ts";
import { hostsToml } from "../render/hosts-toml.ts";
import { type Row, row } from "./row.ts";
import { type Ansible, ansible } from "./trust/ansible.ts";

/** How often each number of nodes is measured: on two processors, Ansible takes a second for each node. */
const measured = [
  { count: 1, rounds: 3 },
  { count: 10, rounds: 2 },
  { count: 50, rounds: 1 },
];

/** Measured without Ansible, beside the number before it. The lab's network has no addresses for twice as many. */
const many = 100;

/** From this number of nodes on, `up` has to take this share of Ansible's time. */
const required = { nodes: 50, first: 1 / 3, noOp: 1 / 20 };

const limit = pLimit(8);
const host = "registry.lab.test";
const address = "192.0.2.10";
const args = "/var/snap/microk8s/current/args";
const directory = `${args}/certs.d/${host}`;

/** Node trust by one `up`, compared to Ansible writing the same files. */
export async function trustRows(): Promise<Row[]> {
  const { keys } = await startLab();
  const image = await ansibleNodeImage();
  await using fleet = await startSshNodes({
    prefix: "bench-node",
    count: many,
    image,
  });
  await Promise.all(fleet.nodes.map(({ container }) => limit(() => docker(["exec", container, "mkdir", "-p", args]))));

  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const ca = (await newCa("bench")).certificate;
  const file = join(folder, "ca.pem");
  await writeFile(file, ca);
  const hostsFile = hostsToml({ host, urls: [`https://${host}`], caFile: "ca.crt" });
  const wanted = {
    files: { [`${directory}/ca.crt`]: ca, [`${directory}/hosts.toml`]: hostsFile },
    hostsLine: `${address} ${host}`,
  };
  const startOurs = (nodes: readonly SshNode[]) =>
    startStack({
      name: `bench-trust-${nodes.length}`,
      config: {
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file } },
        nodes: nodes.map(({ name, connection }) => ({
          ...{ name, connection, runtime: "microk8s", hostsEntry: address, verify: "none" },
        })),
      },
      secrets: { sshPrivateKey: keys.privateKey },
    });
  const startPeer = () => ansible(wanted, keys);
  const rows: Row[] = [];
  for (const { count, rounds } of measured) {
    const nodes = fleet.nodes.slice(0, count);
    await using stack = await startOurs(nodes);
    const compare = () => besideAnsible({ stack, startPeer, nodes, rounds });
    rows.push(...(await step(`trust on ${count} nodes, beside Ansible`, compare)));
  }
  await using stack = await startOurs(fleet.nodes);
  rows.push(...(await step(`trust on ${many} nodes`, () => besideFewer(stack, rows.slice(-2)))));
  await rm(folder, { recursive: true });
  return rows;
}

/** The same runs for many nodes. `fewer`: the rows of the first and the second run for fewer. */
async function besideFewer(stack: PulumiStack, fewer: readonly Row[]): Promise<Row[]> {
  const seconds = [(await stack.up()).seconds, (await stack.up()).seconds];
  await stack.destroy();
  return fewer.map(({ ours: theirs, what, unit }, index) =>
    row({
      what: what.replace(/\d+/, String(many)),
      ...{ unit, peer: `the same on ${/\d+/.exec(what)}` },
      pairs: [[seconds[index] ?? Number.NaN, theirs]],
    }),
  );
}

type Compared = {
  stack: PulumiStack;
  /** An Ansible without connections. Its second run finds those of its first. */
  startPeer: () => Promise<Ansible>;
  nodes: readonly SshNode[];
  rounds: number;
};

async function besideAnsible({ stack, startPeer, nodes, rounds }: Compared): Promise<Row[]> {
  const first: [number, number][] = [];
  const noOp: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const up = (await stack.up()).seconds;
    const again = (await stack.up()).seconds;
    await stack.destroy();
    await using peer = await startPeer();
    first.push([up, await peer.run(nodes)]);
    noOp.push([again, await peer.run(nodes)]);
    await Promise.all(nodes.map(({ container }) => limit(() => docker(["exec", container, "sh", "-c", forget]))));
  }
  const compared = { unit: "s", peer: "Ansible" };
  const isRequired = nodes.length >= required.nodes;
  return [
    row({
      what: `trust on ${nodes.length} nodes, first`,
      ...compared,
      pairs: first,
      ...(isRequired && { atMost: required.first }),
    }),
    row({
      what: `trust on ${nodes.length} nodes, no-op`,
      ...compared,
      pairs: noOp,
      ...(isRequired && { atMost: required.noOp }),
    }),
  ];
}

const forget = `rm -r ${args}/certs.d && grep -v -e ${host} -e ANSIBLE /etc/hosts >/tmp/hosts; cat /tmp/hosts >/etc/hosts`;
