import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const counts = [1, 10, 50];
const rounds = 3;
const host = "registry.lab.test";
const address = "192.0.2.10";
const args = "/var/snap/microk8s/current/args";
const directory = `${args}/certs.d/${host}`;

/** Node trust by one `up`, compared to Ansible writing the same files. */
export async function trustRows(): Promise<Row[]> {
  const { keys } = await startLab();
  const image = await ansibleNodeImage();
  await using fleet = await startSshNodes({ prefix: "bench-node", count: Math.max(...counts), image });
  for (const { container } of fleet.nodes) await docker(["exec", container, "mkdir", "-p", args]);

  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const ca = (await newCa("bench")).certificate;
  const file = join(folder, "ca.pem");
  await writeFile(file, ca);
  const hostsFile = hostsToml({ host, urls: [`https://${host}`], caFile: "ca.crt" });
  await using peer = await ansible(
    {
      files: { [`${directory}/ca.crt`]: ca, [`${directory}/hosts.toml`]: hostsFile },
      hostsLine: `${address} ${host}`,
    },
    keys,
  );
  const rows: Row[] = [];
  for (const count of counts) {
    await using stack = await startStack({
      name: `bench-trust-${count}`,
      config: {
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file } },
        nodes: fleet.nodes.slice(0, count).map(({ name, connection }) => ({
          ...{ name, connection, runtime: "microk8s", hostsEntry: address, verify: "none" },
        })),
      },
      secrets: { sshPrivateKey: keys.privateKey },
    });
    const nodes = fleet.nodes.slice(0, count);
    rows.push(...(await step(`trust on ${count} nodes, beside Ansible`, () => besideAnsible(stack, peer, nodes))));
  }
  await rm(folder, { recursive: true });
  return rows;
}

async function besideAnsible(stack: PulumiStack, peer: Ansible, nodes: readonly SshNode[]): Promise<Row[]> {
  const first: [number, number][] = [];
  const noOp: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const up = (await stack.up()).seconds;
    const again = (await stack.up()).seconds;
    await stack.destroy();
    first.push([up, await peer.run(nodes)]);
    noOp.push([again, await peer.run(nodes)]);
    for (const { container } of nodes) await docker(["exec", container, "sh", "-c", forget]);
  }
  const what = (run: string) => `trust on ${nodes.length} nodes, ${run}`;
  return [
    row({ what: what("first"), unit: "s", peer: "Ansible", pairs: first, atMost: 1 / 3 }),
    row({ what: what("no-op"), unit: "s", peer: "Ansible", pairs: noOp, atMost: 1 / 20 }),
  ];
}

const forget = `rm -r ${args}/certs.d && grep -v -e ${host} -e ANSIBLE /etc/hosts >/tmp/hosts; cat /tmp/hosts >/etc/hosts`;
