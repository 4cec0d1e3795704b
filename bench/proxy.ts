import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { step } from "../lab/progress.ts";
import { digestOf } from "../lab/proxy/content.ts";
import { zotCanBeHad } from "./peers/zot.ts";
import { forgetBlob, largePushRate } from "./proxy/large-push.ts";
import { requireLoadTools } from "./proxy/load.ts";
import { compare, type Pair, startPair } from "./proxy/pair.ts";
import { idleMemoryRow, processorTimeRow } from "./proxy/processes.ts";
import { type Protocol, protocols } from "./proxy/protocol.ts";
import { reads, storeContent } from "./proxy/reads.ts";
import { smallPushRate } from "./proxy/small-pushes.ts";
import { zotRows } from "./proxy/zot-rows.ts";
import type { Row } from "./row.ts";

const megabytes = 300;

/**
 * bcrypt costs of Pulumi's RandomPassword (10) and of `htpasswd -B` (5). The second is measured for information: there
 * distribution's storage is the limit, and even without passwords it is less than three times as fast.
 */
const bcrypt = [{ cost: 10, atLeast: 3 }, { cost: 5 }];

const manifestLoads = [
  { connections: 16, how: "16 connections", rounds: 15 },
  { connections: 1, how: "one by one", rounds: 5 },
];

/** The proxy compared to distribution alone, and to zot: same protocol, kind of storage and machine, measured in turn. */
export async function proxyRows(): Promise<Row[]> {
  await requireLoadTools();
  const rows: Row[] = [];
  const withZot = await zotCanBeHad();
  for (const protocol of protocols)
    rows.push(...(await step(`proxy beside distribution alone, ${protocol.name}`, () => rowsOver(protocol))));
  for (const protocol of withZot ? protocols.filter(({ http2 }) => !http2) : [])
    rows.push(...(await step(`proxy beside zot, ${protocol.name}`, () => zotRows(protocol))));
  return rows;
}

async function rowsOver(protocol: Protocol): Promise<Row[]> {
  const rows: Row[] = [];
  {
    await using pair = await startPair(protocol);
    rows.push(await idleMemoryRow(pair), ...(await contentRows(pair)));
  }
  for (const { cost, atLeast } of bcrypt) {
    await using pair = await startPair(protocol, cost);
    rows.push(
      await compare(pair, {
        what: `500 small blobs pushed with a password, bcrypt ${cost}`,
        unit: "blobs/s",
        rounds: 1,
        rate: (url) => smallPushRate(protocol, url, 500),
        atLeast,
      }),
    );
  }
  return rows;
}

async function contentRows(pair: Pair): Promise<Row[]> {
  const { protocol, storage, scratch } = pair;
  const large = randomBytes(megabytes * 1e6);
  const file = join(scratch, "large");
  await writeFile(file, large);
  const digest = digestOf(large);
  const push = { protocol, file, digest, forget: () => forgetBlob(storage, digest) };
  const pushed = await compare(pair, {
    what: `${megabytes} MB blob pushed`,
    unit: "MB/s",
    rounds: 15,
    rate: (url) => largePushRate(url, { ...push, account: url === pair.proxy ? "jenkins" : undefined }),
    atLeast: 0.95,
  });

  const read = reads(protocol, await storeContent([{ url: pair.proxy }], large), scratch);
  return [
    await compare(pair, {
      what: `${megabytes} MB blob pulled`,
      unit: "MB/s",
      rounds: 15,
      rate: read.largeBlob,
      atLeast: protocol.http2 ? 0.9 : 1,
    }),
    pushed,
    await compare(pair, {
      what: "4 KB blobs, 16 connections",
      unit: "req/s",
      rounds: 5,
      rate: read.smallBlobs,
      atLeast: 5,
    }),
    ...(await manifestRows(pair, read)),
  ];
}

async function manifestRows(pair: Pair, read: ReturnType<typeof reads>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [by, load] of Object.entries({ tag: read.manifestsByTag, digest: read.manifestsByDigest })) {
    for (const { connections, how, rounds } of manifestLoads) {
      const what = `1,000 manifests by ${by}, ${how}`;
      rows.push(await compare(pair, { what, unit: "req/s", rounds, rate: load(connections), atLeast: 1 }));
    }
  }
  const load = read.manifestsByTag(16);
  return [...rows, await processorTimeRow(pair, { what: "a manifest by tag", requests: 1000, load })];
}
