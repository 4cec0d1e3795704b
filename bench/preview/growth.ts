import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { type FakeNode, type FakeNodes, startFakeNodes } from "../../lab/hosts/fake-nodes.ts";
import { step } from "../../lab/progress.ts";
import { newCa } from "../../lab/services/ca.ts";
import { countRow, type Row, row } from "../row.ts";

const counts = [1, 50, 200, 500];
const rounds = 3;
const slowSeconds = 30;

/** What a further node may add. */
const design = { milliseconds: 10, kilobytes: 5 };

type Measured = { nodes: number; preview: number[]; up: number[]; megabytes: number; kilobytes: number };

/** How preview, no-op `up`, memory and state grow with the nodes, and how long the first `up` of the most of them takes. */
export async function growthRows(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const file = join(folder, "ca.pem");
  await writeFile(file, (await newCa("growth")).certificate);
  await using fleet = await startFakeNodes(Math.max(...counts));
  const measured: Measured[] = [];
  const connections: Row[] = [];
  for (const count of counts) {
    await using stack = await fleetStack(`bench-${count}-nodes`, file, fleet.privateKey, fleet.nodes.slice(0, count));
    await step(`first up of ${count} nodes`, () => stack.up());
    const before = fleet.connections();
    measured.push(await step(`preview and up of ${count} nodes`, () => measure(stack, count, folder)));
    connections.push(
      countRow({
        ...{ what: `SSH connections of a no-op up, ${count} nodes`, unit: "connections", peer: "the design" },
        ...{ counted: fleet.connections() - before, allowed: 0 },
      }),
    );
  }
  const slow = await slowRow(file, fleet);
  await rm(folder, { recursive: true });
  const [one, ...more] = measured;
  return one === undefined ? [] : [...more.flatMap((many) => growth(one, many)), ...connections, slow];
}

function fleetStack(name: string, file: string, sshPrivateKey: string, nodes: FakeNode[]): Promise<PulumiStack> {
  return startStack({
    name,
    config: {
      containerRegistry: { host: "growth.lab.test", requiresAuthForPush: false },
      variant: { kind: "existing", tls: { kind: "provided-ca", file } },
      nodes: nodes.map((node) => ({ ...node, runtime: "microk8s", hostsEntry: "192.0.2.10", verify: "none" })),
    },
    secrets: { sshPrivateKey },
  });
}

async function measure(stack: PulumiStack, nodes: number, folder: string): Promise<Measured> {
  const preview: number[] = [];
  const up: number[] = [];
  for (let round = 0; round < rounds; round++) {
    preview.push((await stack.preview({ expectNoChanges: true })).seconds);
    up.push((await stack.up()).seconds);
  }
  const file = join(folder, `peak-${nodes}`);
  await stack.preview({ env: { NODE_OPTIONS: writesPeak(file) } });
  const name = stack.env.PULUMI_STACK ?? "";
  const state = join(stack.stateDir, "state/.pulumi/stacks/container-registry", `${name}.json`);
  return {
    ...{ nodes, preview, up },
    megabytes: Number(await readFile(file, "utf8")) / 1024,
    kilobytes: (await stat(state)).size / 1000,
  };
}

/** An option for Node.js that writes the Pulumi program's peak memory, in KiB, to a file at its end. */
function writesPeak(file: string): string {
  const program = `import{writeFileSync}from"node:fs";process.argv[1]?.includes("/cmd/run")&&process.on("exit",()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  return `--import=data:text/javascript,${encodeURIComponent(program)}`;
}

function growth(one: Measured, many: Measured): Row[] {
  const further = many.nodes - one.nodes;
  const milliseconds = (what: "preview" | "up") =>
    many[what].map((seconds, round): [number, number] => {
      const first = one[what][round] ?? 0;
      return [((seconds - first) * 1000) / further, design.milliseconds];
    });
  const of = `${many.nodes} nodes`;
  const peer = "the design";
  return [
    row({ what: `preview, a further node, ${of}`, unit: "ms", peer, pairs: milliseconds("preview"), atMost: 1 }),
    row({ what: `no-op up, a further node, ${of}`, unit: "ms", peer, pairs: milliseconds("up"), atMost: 1 }),
    row({
      ...{ what: `state, a further node, ${of}`, unit: "kB", peer, atMost: 1 },
      pairs: [[(many.kilobytes - one.kilobytes) / further, design.kilobytes]],
    }),
    row({
      ...{ what: `peak memory of the program, ${of}`, unit: "MB", peer: "1 node" },
      pairs: [[many.megabytes, one.megabytes]],
    }),
  ];
}

/** The first `up` of all nodes with one that is slow: it may hold up nobody. */
async function slowRow(file: string, fleet: FakeNodes): Promise<Row> {
  const pairs: [number, number][] = [];
  const [slow] = fleet.nodes;
  for (const seconds of [0, slowSeconds]) {
    if (slow) fleet.slowDown(slow, seconds);
    await using stack = await fleetStack("bench-slow-node", file, fleet.privateKey, fleet.nodes);
    pairs.push([(await step(`first up, one node takes ${seconds} s`, () => stack.up())).seconds, 0]);
  }
  const [without = 0, withSlow = 0] = pairs.map(([took]) => took);
  return row({
    ...{ what: `first up of ${fleet.nodes.length} nodes, one takes ${slowSeconds} s`, unit: "s" },
    ...{ peer: "the same, none is slow, or the slow one alone", atMost: 1.1 },
    pairs: [[withSlow, Math.max(without, slowSeconds)]],
  });
}
