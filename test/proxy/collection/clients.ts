import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, ask } from "../../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../../lab/proxy/content.ts";

const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const as = { bearer: "jenkins" };

type Pushed = { repository: string; tag: string; manifest: string; blobs: Map<string, Buffer>; children: Pushed[] };

/** Clients that push, mount, delete and pull at random, and write down what the registry has acknowledged. */
export class Clients {
  /** What a client was told is there. */
  readonly acknowledged = new Set<Pushed>();
  /** Every answer that a client takes for a failure. */
  readonly errors: string[] = [];
  /** The longest time that a request took, in milliseconds. */
  slowest = 0;
  requests = 0;
  private readonly deleted: Pushed[] = [];
  private readonly layers = Array.from({ length: 16 }, () => randomBytes(randomInt(200, 20_000)));
  private readonly repositories = Array.from({ length: 5 }, (_, index) => `team/app-${index}`);
  private readonly to: { url: string };
  private tags = 0;

  constructor(to: { url: string }) {
    this.to = to;
  }

  /** Works with so many clients at a time until the promise resolves or rejects. */
  async workUntil(done: Promise<unknown>, count = 4): Promise<void> {
    let working = true;
    void done.finally(() => {
      working = false;
    });
    const work = async () => {
      while (working) await this.step().catch((error) => this.errors.push(String(error)));
    };
    await Promise.all([...Array.from({ length: count }, work), done]);
  }

  /** Pulls all that was acknowledged, by digest. Prints what is missing. */
  async missing(): Promise<string[]> {
    const before = this.errors.length;
    for (const image of this.acknowledged) await this.pull(image).catch((error) => this.errors.push(String(error)));
    return this.errors.splice(before);
  }

  private async step(): Promise<void> {
    const kind = randomInt(10);
    if (kind < 3) return this.acknowledge(await this.newImage());
    if (kind < 4) return this.acknowledge(await this.newIndex());
    if (kind < 5) {
      const image = this.deleted.splice(randomInt(this.deleted.length + 1), 1)[0];
      return image && this.acknowledge(image);
    }
    const image = [...this.acknowledged][randomInt(this.acknowledged.size + 1)];
    if (image === undefined) return;
    if (kind < 7) return this.pull(image);
    await this.delete(image);
  }

  private async acknowledge(image: Pushed): Promise<void> {
    await this.push(image, image.tag);
    this.acknowledged.add(image);
  }

  private async newImage(): Promise<Pushed> {
    const repository = this.repositories[randomInt(this.repositories.length)] ?? "";
    const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", of: ++this.tags }));
    const layers = this.layers.filter(() => randomInt(4) === 0);
    if (randomInt(3) === 0) layers.push(randomBytes(3000));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      config: descriptor("application/vnd.oci.image.config.v1+json", config),
      layers: layers.map((layer) => descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
    });
    const blobs = new Map([config, ...layers].map((blob) => [digestOf(blob), blob]));
    return { repository, tag: `v${this.tags}`, manifest, blobs, children: [] };
  }

  private async newIndex(): Promise<Pushed> {
    const [first, second] = [await this.newImage(), await this.newImage()];
    const children = [first, { ...second, repository: first.repository }];
    const manifests = children.map(({ manifest }) => descriptor(imageType, Buffer.from(manifest)));
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
    return { repository: first.repository, tag: `v${++this.tags}`, manifest, blobs: new Map(), children };
  }

  /** Pushes as docker and crane do: it asks for each blob, mounts it from elsewhere or uploads it, and then the manifest. */
  private async push(image: Pushed, reference: string): Promise<void> {
    for (const child of image.children) {
      await this.push(child, digestOf(child.manifest));
      await sleep(randomInt(500));
    }
    for (const [digest, blob] of image.blobs) await this.pushBlob(image.repository, digest, blob);
    await sleep(randomInt(700));
    const type = image.children.length > 0 ? indexType : imageType;
    await this.expect([201], `PUT /v2/${image.repository}/manifests/${reference}`, {
      body: image.manifest,
      headers: { "content-type": type },
    });
  }

  private async pushBlob(repository: string, digest: string, blob: Buffer): Promise<void> {
    const { status } = await this.expect([200, 404], `HEAD /v2/${repository}/blobs/${digest}`);
    if (status === 200) return;
    const from = this.repositories[randomInt(this.repositories.length)];
    const mount = await this.expect([201, 202], `POST /v2/${repository}/blobs/uploads/?mount=${digest}&from=${from}`);
    if (mount.status === 201) return;
    const answer = await this.timed(() => pushBlob(this.to, repository, blob, as));
    if (answer.status !== 201) throw new Error(`upload to ${repository}: ${answer.status} ${answer.text}`);
  }

  private async delete(image: Pushed): Promise<void> {
    if (!this.acknowledged.delete(image)) return;
    for (const { repository, manifest } of [image, ...image.children])
      await this.expect([202], `DELETE /v2/${repository}/manifests/${digestOf(manifest)}`);
    this.deleted.push(image);
  }

  private async pull(image: Pushed): Promise<void> {
    const { repository, manifest, blobs, children } = image;
    // Another client may delete the image meanwhile; then this one may miss it.
    const expected = () => this.acknowledged.has(image);
    const got = await this.timed(() => this.get(`${repository}/manifests/${digestOf(manifest)}`));
    if (got.text !== manifest)
      return expected() ? this.fail(`pull ${repository}:${image.tag}: ${got.status}`) : undefined;
    for (const [digest, blob] of blobs) {
      const answer = await this.timed(() => this.get(`${repository}/blobs/${digest}`));
      if (!answer.body.equals(blob))
        return this.fail(`pull ${repository}/blobs/${digest}: ${answer.status} ${expected()}`);
    }
    for (const child of children) {
      const answer = await this.timed(() => this.get(`${repository}/manifests/${digestOf(child.manifest)}`));
      if (answer.text !== child.manifest && expected()) this.fail(`pull child of ${repository}:${image.tag}`);
      for (const [digest, blob] of child.blobs) {
        const { body, status } = await this.timed(() => this.get(`${repository}/blobs/${digest}`));
        if (!body.equals(blob)) this.fail(`pull ${repository}/blobs/${digest} of a child: ${status} ${expected()}`);
      }
    }
  }

  private get(path: string): Promise<Answer> {
    return ask(this.to, `GET /v2/${path}`, { headers: { accept: `${imageType}, ${indexType}` } });
  }

  private fail(what: string): void {
    this.errors.push(what);
  }

  private async expect(statuses: number[], line: string, more: Parameters<typeof ask>[2] = {}): Promise<Answer> {
    const answer = await this.timed(() => ask(this.to, line, { ...as, ...more }));
    if (!statuses.includes(answer.status)) throw new Error(`${line}: ${answer.status} ${answer.text}`);
    return answer;
  }

  private async timed<T>(request: () => Promise<T>): Promise<T> {
    const start = Date.now();
    const answer = await request();
    this.slowest = Math.max(this.slowest, Date.now() - start);
    this.requests++;
    return answer;
  }
}

function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}
