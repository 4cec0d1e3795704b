import { randomBytes } from "node:crypto";
import { ask } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob, pushImage } from "../../lab/proxy/content.ts";
import { pullRate, type Requests, requestsPerSecond } from "./load.ts";
import type { Protocol } from "./protocol.ts";

const jenkins = { bearer: "jenkins" };
const repository = "bench/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

export type Content = { large: string; small: string[]; tag: string; digest: string };

/** Stores what is read in each registry: a blob of 300 MB, a hundred of 4 KB, and a manifest of ten layers. */
export async function storeContent(registries: readonly { url: string }[], large: Buffer): Promise<Content> {
  const small = Array.from({ length: 100 }, () => randomBytes(4096));
  let digest = "";
  for (const registry of registries) digest = await store(registry, large, small);
  return {
    large: `/v2/${repository}/blobs/${digestOf(large)}`,
    small: small.map((blob) => `/v2/${repository}/blobs/${digestOf(blob)}`),
    tag: `/v2/${repository}/manifests/v1`,
    digest: `/v2/${repository}/manifests/${digest}`,
  };
}

/** Returns the manifest's digest, which is the same in each registry. */
async function store(proxy: { url: string }, large: Buffer, small: readonly Buffer[]): Promise<string> {
  for (const blob of [large, ...small]) await pushBlob(proxy, repository, blob, jenkins);
  const { manifest } = await pushImage(proxy, repository, "v1", small[0] ?? large, jenkins);
  const tenLayers = JSON.parse(manifest);
  tenLayers.layers = small.slice(0, 10).map((blob) => ({ ...tenLayers.layers[0], digest: digestOf(blob) }));
  const body = JSON.stringify(tenLayers);
  await ask(proxy, `PUT /v2/${repository}/manifests/v1`, {
    ...jenkins,
    headers: { "content-type": manifestType },
    body,
  });
  return digestOf(body);
}

/** The reads measured over one protocol. */
export function reads(protocol: Protocol, content: Content, scratch: string) {
  const load = (paths: string[], requests: Pick<Requests, "total" | "connections" | "accept">) => (url: string) =>
    requestsPerSecond({ protocol, scratch, urls: paths.map((path) => url + path), ...requests });
  return {
    largeBlob: (url: string) => pullRate(protocol, url + content.large),
    smallBlobs: load(content.small, { total: 4000, connections: 16 }),
    manifestsByTag: (connections: number) => load([content.tag], { total: 1000, connections, accept: manifestType }),
    manifestsByDigest: (connections: number) =>
      load([content.digest], { total: 1000, connections, accept: manifestType }),
  };
}
