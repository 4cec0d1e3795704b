import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { startZot, zot } from "../peers/zot.ts";
import type { Row } from "../row.ts";
import { forgetBlob, largePushRate, repository } from "./large-push.ts";
import { compare } from "./pair.ts";
import type { Protocol } from "./protocol.ts";
import { reads, storeContent } from "./reads.ts";

const megabytes = 300;
const rounds = 5;

/** The proxy with distribution, beside zot with a storage of its own on the same disk. For information: nothing is asked. */
export async function zotRows(protocol: Protocol): Promise<Row[]> {
  await using proxy = await startProxy({ tls: { kind: protocol.tls ? "files" : "none" } });
  await using peer = await startZot(protocol.tls);
  const scratch = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const [large, file] = [randomBytes(megabytes * 1e6), join(scratch, "large")];
  await writeFile(file, large);
  const digest = digestOf(large);
  const compared = {
    protocol,
    proxy: proxy.url.replace("localhost", "127.0.0.1"),
    alone: peer.url,
    peer: `zot ${zot.version}`,
  };
  const ours = { account: "jenkins", forget: () => forgetBlob(proxy.storage, digest) };
  const theirs = { forget: () => rm(join(peer.storage, repository), { recursive: true }) };
  const rowFor = (what: string, unit: string, rate: (url: string) => Promise<number>) =>
    compare(compared, { what, unit, rounds, rate });
  const pushed = await rowFor(`${megabytes} MB blob pushed`, "MB/s", (url) =>
    largePushRate(url, { protocol, file, digest, ...(url === compared.proxy ? ours : theirs) }),
  );
  const read = reads(protocol, await storeContent([proxy, peer], large), scratch);
  const rows = [
    await rowFor(`${megabytes} MB blob pulled`, "MB/s", read.largeBlob),
    pushed,
    await rowFor("4 KB blobs, 16 connections", "req/s", read.smallBlobs),
    await rowFor("1,000 manifests, 16 connections", "req/s", read.manifestsByTag(16)),
  ];
  await rm(scratch, { recursive: true });
  return rows;
}
