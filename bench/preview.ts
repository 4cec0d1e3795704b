import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type PulumiStack, startStack } from "../lab/engine/pulumi-stack.ts";
import { startMachine } from "../lab/hosts/machine.ts";
import { registryImage } from "../lab/images/registry-images.ts";
import { startLab } from "../lab/lab.ts";
import { startRegistryServer } from "../lab/services/registry-server.ts";
import { countRow, type Row, row } from "./row.ts";

const rounds = 7;

type Peer = { what: string; runtime: object; program: string };

const tsx = { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } };

const peers: Peer[] = [
  // A fair comparison: every program that creates resources loads the SDK.
  {
    what: "empty program, the SDK loaded",
    runtime: tsx,
    program: 'import * as pulumi from "@pulumi/pulumi";\nexport const nothing = pulumi.output("");\n',
  },
  { what: "empty program, nothing loaded", runtime: tsx, program: "export {};\n" },
];

/** Preview and no-op `up` of the host stack, compared to an empty TypeScript program with the same engine and node_modules. */
export async function previewRows(): Promise<Row[]> {
  await startLab();
  await using upstream = await startRegistryServer({ name: "bench-upstream" });
  await using machine = await startMachine({ name: "bench-host" });
  await machine.run(
    `mkdir -p "/etc/docker/certs.d/${upstream.host}" && cat >"/etc/docker/certs.d/${upstream.host}/ca.crt"`,
    {
      input: upstream.ca,
    },
  );
  const image = async (name: "registry" | "proxy") => ({
    reference: await upstream.push((await registryImage(name)).archive, name),
  });
  await using host = await startStack({
    name: "bench-host",
    config: {
      containerRegistry: { host: "bench-host.lab.test", account: "jenkins" },
      accounts: [{ name: "jenkins", push: ["**"] }],
      variant: {
        kind: "host",
        connection: machine.connection,
        tls: { kind: "private-ca" },
        images: { registry: await image("registry"), proxy: await image("proxy") },
      },
    },
    secrets: { sshPrivateKey: machine.keys.privateKey },
  });
  await host.up();
  const first = await machine.sshConnections();
  await host.up();
  const dialled = [
    connections("a first up", first, 1),
    connections("a no-op up", (await machine.sshConnections()) - first, 0),
  ];

  const rows: Row[] = [];
  for (const peer of peers) rows.push(...(await besideEmpty(host, peer)));
  return [...rows, ...dialled];
}

function connections(run: string, counted: number, allowed: number): Row {
  return countRow({ what: `SSH connections of ${run}`, unit: "connections", peer: "the design", counted, allowed });
}

async function besideEmpty(host: PulumiStack, peer: Peer): Promise<Row[]> {
  const folder = await emptyProject(peer, host.projectDir);
  await using empty = await startStack({ name: "bench-empty", projectDir: folder });
  await empty.up();
  const rows: Row[] = [];
  for (const what of ["preview", "up"] as const) {
    const pairs: [number, number][] = [];
    for (let round = 0; round < rounds; round++) {
      pairs.push([(await host[what]()).seconds, (await empty[what]()).seconds]);
    }
    rows.push(row({ what: what === "up" ? "no-op up" : what, unit: "s", peer: peer.what, pairs, atMost: 1.3 }));
  }
  await rm(folder, { recursive: true });
  return rows;
}

async function emptyProject({ runtime, program }: Peer, checkout: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: "empty", runtime }));
  await writeFile(join(folder, "package.json"), "{}");
  await writeFile(join(folder, "index.ts"), program);
  return folder;
}
