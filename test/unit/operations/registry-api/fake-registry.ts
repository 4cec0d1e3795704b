import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Stored = { mediaType: string; text: string };
type FakeRepository = { tags: Map<string, string>; manifests: Map<string, Stored>; blobs: Map<string, string> };

export const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

export type Answering = { request: IncomingMessage; response: ServerResponse };

/** A small server that speaks the distribution API, without a proxy, and keeps everything in memory. */
export class FakeRegistry implements Disposable {
  readonly repositories = new Map<string, FakeRepository>();
  /** Every request, as in `GET /v2/`. */
  readonly requests: string[] = [];
  /** Entries of a page at most. */
  pageSize = 1000;
  /** Whether the registry has the referrers API. */
  hasReferrers = false;
  /** Answers a request instead of the registry if it returns true. */
  instead: (answering: Answering) => boolean = () => false;
  url = "";
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry();
    await once(registry.#server.listen(0, "127.0.0.1"), "listening");
    registry.url = `http://127.0.0.1:${(registry.#server.address() as AddressInfo).port}`;
    return registry;
  }

  /** Stores an image of layers with these contents, under this tag if one is given, and returns its digest. */
  image(
    repository: string,
    tag: string | undefined,
    layers: readonly string[],
    { platform = "linux/amd64", created = "2026-01-02T03:04:05Z", manifest = {} }: ImageOptions = {},
  ): string {
    const [os, architecture, variant] = platform.split("/");
    const config = JSON.stringify({ os, architecture, variant, created });
    const blobs = layers.map((layer) => this.#blob(repository, layer, layerType));
    const body = { schemaVersion: 2, mediaType: imageType, config: this.#blob(repository, config, configType) };
    return this.manifest(repository, tag, { ...body, layers: blobs, ...manifest });
  }

  /** Stores an index of these manifests, and returns its digest. */
  index(repository: string, tag: string | undefined, children: readonly { digest: string; platform?: string }[]) {
    const manifests = children.map(({ digest, platform }) => {
      const { mediaType = imageType, text = "" } = this.#repository(repository).manifests.get(digest) ?? {};
      const [os, architecture] = platform?.split("/") ?? [];
      return { mediaType, digest, size: text.length, ...(os && { platform: { os, architecture } }) };
    });
    return this.manifest(repository, tag, { schemaVersion: 2, mediaType: indexType, manifests });
  }

  manifest(repository: string, tag: string | undefined, body: Record<string, unknown>): string {
    const text = JSON.stringify(body);
    const digest = digestOf(text);
    const { manifests, tags } = this.#repository(repository);
    manifests.set(digest, { mediaType: String(body.mediaType), text });
    if (tag !== undefined) tags.set(tag, digest);
    return digest;
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #repository(name: string): FakeRepository {
    const found = this.repositories.get(name) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
    this.repositories.set(name, found);
    return found;
  }

  #blob(repository: string, text: string, mediaType: string) {
    const digest = digestOf(text);
    this.#repository(repository).blobs.set(digest, text);
    return { mediaType, digest, size: text.length };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.instead({ request, response })) return;
    const url = new URL(request.url ?? "", this.url);
    const [, name = "", kind, reference = ""] =
      /^\/v2\/(.+)\/(tags|manifests|blobs|referrers)\/(.+)$/.exec(url.pathname) ?? [];
    const repository = this.repositories.get(name);
    if (url.pathname === "/v2/") send(response, 200, {});
    else if (url.pathname === "/v2/_catalog") this.#page(response, url, "repositories", [...this.repositories.keys()]);
    else if (repository === undefined) send(response, 404, { errors: [{ code: "NAME_UNKNOWN" }] });
    else if (kind === "tags") this.#page(response, url, "tags", [...repository.tags.keys()]);
    else if (kind === "manifests") manifestAnswer(request, response, repository, reference);
    else if (kind === "referrers") this.#referrers(response, repository, reference);
    else {
      const blob = repository.blobs.get(reference);
      if (blob === undefined) send(response, 404, { errors: [{ code: "BLOB_UNKNOWN" }] });
      else response.writeHead(200).end(blob);
    }
  }

  /** As distribution does: sorted, `n` entries after `last`, and a Link to the next page. */
  #page(response: ServerResponse, url: URL, key: string, all: string[]): void {
    const last = url.searchParams.get("last") ?? "";
    const n = Math.min(Number(url.searchParams.get("n") ?? this.pageSize), this.pageSize);
    const rest = all.sort().filter((each) => each > last);
    const page = rest.slice(0, n);
    const next = `${url.pathname}?n=${n}&last=${encodeURIComponent(page.at(-1) ?? "")}`;
    const link = rest.length > n ? { link: `<${next}>; rel="next"` } : undefined;
    send(response, 200, { name: "any", [key]: page }, link);
  }

  #referrers(response: ServerResponse, { manifests }: FakeRepository, subject: string): void {
    if (!this.hasReferrers) {
      response.writeHead(404).end("404 page not found\n");
      return;
    }
    const found = [...manifests].filter(([, { text }]) => JSON.parse(text).subject?.digest === subject);
    const body = found.map(([digest, { mediaType, text }]) => ({ digest, mediaType, size: text.length }));
    send(response, 200, { schemaVersion: 2, mediaType: indexType, manifests: body });
  }
}

type ImageOptions = { platform?: string; created?: string; manifest?: Record<string, unknown> };

function manifestAnswer(
  { method }: IncomingMessage,
  response: ServerResponse,
  { tags, manifests }: FakeRepository,
  reference: string,
): void {
  const digest = tags.get(reference) ?? reference;
  const found = manifests.get(digest);
  if (found === undefined) send(response, 404, { errors: [{ code: "MANIFEST_UNKNOWN" }] });
  else if (method === "DELETE") {
    manifests.delete(digest);
    for (const [tag, named] of tags) if (named === digest) tags.delete(tag);
    send(response, 202, {});
  } else {
    const length = Buffer.byteLength(found.text);
    const headers = { "content-type": found.mediaType, "docker-content-digest": digest, "content-length": length };
    response.writeHead(200, headers).end(method === "HEAD" ? "" : found.text);
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers?: Record<string, string>): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
