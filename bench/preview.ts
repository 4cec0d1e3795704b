import { type PulumiStack, startStack } from "../lab/engine/pulumi-stack.ts";
import { startMachine } from "../lab/hosts/machine.ts";
import { registryImage } from "../lab/images/registry-images.ts";
import { startLab } from "../lab/lab.ts";
import { startRegistryServer } from "../lab/services/registry-server.ts";
import { emptyPeer, type Peer, plainPeer } from "./preview/peers.ts";
import { countRow, type Row, row } from "./row.ts";

const name = "bench-host";
const rounds = 7;

/** How much longer than an empty program the error of a stack file may take. */
const errorSeconds = 0.3;

/** Preview, no-op `up` and errors of the host stack, beside other programs with the same engine, plugins and node_modules. */
export async function previewRows(): Promise<Row[]> {
  await startLab();
  await using upstream = await startRegistryServer({ name: "bench-upstream" });
  await using machine = await startMachine({ name });
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
    name,
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

  await using plain = await plainPeer(name, host);
  await using empty = await emptyPeer(host.projectDir);
  const rows = await besidePlain(host, plain);
  return [...rows, await errorBeside(host, empty), ...dialled];
}

function connections(run: string, counted: number, allowed: number): Row {
  return countRow({ what: `SSH connections of ${run}`, unit: "connections", peer: "the design", counted, allowed });
}

async function besidePlain(host: PulumiStack, peer: Peer): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of ["preview", "up"] as const) {
    const flags = { flags: ["--expect-no-changes"] };
    const pairs: [number, number][] = [];
    for (let round = 0; round < rounds; round++)
      pairs.push([(await host[what](flags)).seconds, (await peer.stack[what](flags)).seconds]);
    rows.push(row({ what: what === "up" ? "no-op up" : what, unit: "s", peer: peer.what, pairs, atMost: 1.15 }));
  }
  return rows;
}

/** The preview of a stack file with an unknown key. It comes last, since it leaves the stack file invalid. */
async function errorBeside(host: PulumiStack, peer: Peer): Promise<Row> {
  await host.setConfig({ containerRegistry: { host: "bench-host.lab.test", unknown: true } });
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const failed = await host.start(["preview"]).result;
    if (!failed.output.includes("containerRegistry.unknown")) throw new Error(failed.output);
    pairs.push([failed.seconds, (await peer.stack.preview()).seconds + errorSeconds]);
  }
  return row({
    what: "error of a stack file",
    unit: "s",
    peer: `${peer.what}, plus ${errorSeconds} s`,
    pairs,
    atMost: 1,
  });
}
