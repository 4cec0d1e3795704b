import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { startCaddy } from "../peers/caddy.ts";
import { startDistribution } from "../peers/distribution.ts";
import type { Peer } from "../peers/peer.ts";
import { startZot, zotCanBeHad } from "../peers/zot.ts";
import { type Image, manifestType, storeImage, writeImage } from "./image.ts";

/** One way to serve the image. Each run starts it anew, so that the peak of its memory is that run's. */
export type Contender = {
  name: string;
  start: () => Promise<Peer>;
  /** Who pushes. @default everybody may */
  user?: string;
  /** Files alone take no pushes. */
  readOnly?: boolean;
};

export const ours = "ours";

/** This project and its peers, all with TLS and the image on this machine's disk. */
export async function contenders(image: Image): Promise<AsyncDisposable & { all: Contender[] }> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const storage = join(folder, "storage");
  const alone = () => startDistribution({ storage, tls: false });
  const start = {
    ours: () => production(storage),
    alone: () => startDistribution({ storage, tls: true }),
    async merelyProxied() {
      const registry = await alone();
      const caddy = await startCaddy(`reverse_proxy ${new URL(registry.url).host}`, "GET /v2/");
      return both(registry, caddy);
    },
    async zot() {
      const zot = await startZot(true);
      await storeImage(zot.url, image);
      return zot;
    },
    files: () => startCaddy(files(folder, image), `GET /v2/${image.repository}/manifests/v1`),
  };
  await writeImage(folder, image);
  {
    await using proxy = await production(storage);
    await storeImage(proxy.url, image, { bearer: "jenkins" });
  }
  const all: Contender[] = [
    { name: ours, start: start.ours, user: "jenkins" },
    { name: "distribution alone", start: start.alone },
    { name: "Caddy as a mere proxy", start: start.merelyProxied },
    ...((await zotCanBeHad()) ? [{ name: "zot", start: start.zot }] : []),
    { name: "Caddy's file_server, nobody pushes", start: start.files, readOnly: true },
  ];
  return { all, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** What the user's password is, for a contender that asks. */
export function credentials({ user }: Contender): { user?: string; password?: string } {
  return user === undefined ? {} : { user, password: password(user) };
}

async function production(storage: string): Promise<Peer> {
  const proxy = await startProxy({ tls: { kind: "files" } }, { storage });
  return {
    url: proxy.url,
    servers: [proxy.server, proxy.registry],
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** The same files with no registry at all: what TLS and Caddy allow on this machine. */
function files(folder: string, { repository, manifest }: Image): string {
  return [
    `@manifest path /v2/${repository}/manifests/*`,
    `header @manifest Content-Type ${manifestType}`,
    `header @manifest Docker-Content-Digest ${digestOf(manifest)}`,
    `root * ${folder}`,
    "file_server",
  ].join("\n\t");
}

function both(registry: Peer, proxy: Peer): Peer {
  return {
    url: proxy.url,
    servers: [...proxy.servers, ...registry.servers],
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}
