import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, ask } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../lab/proxy/content.ts";
import { type Acknowledged, imageType, indexType, notWhole } from "./whole.ts";

const as = { bearer: "jenkins" };

type Pushed = {
  repository: string;
  tag: string;
  manifest: string;
  blobs: Map<string, Buffer>;
  children: Pushed[];
  tagged: boolean;
  /** How often it was deleted. */
  deletions: number;
  /** When its last push was acknowledged, as by Date.now(). */
  at: number;
};

export type AcknowledgedAt = Acknowledged & { at: number };

/** What a client sees when a server is killed or starts. */
const interruption = /ECONNREFUSED|ECONNRESET|EPIPE|socket hang up|aborted|: 502 /;

/** Clients that push, mount, delete and pull at random, and write down what the registry has acknowledged. */
export class Clients {
  /** Every answer that a client takes for a failure. */
  readonly errors: string[] = [];
  /** How many requests failed because a server was killed. */
  interrupted = 0;
  /** The longest time that a request took, in milliseconds. */
  slowest = 0;
  requests = 0;
  private readonly acknowledged = new Set<Pushed>();
  private readonly deleted: Pushed[] = [];
  private readonly layers = Array.from({ length: 16 }, () => randomBytes(randomInt(200, 20_000)));
  private readonly repositories = Array.from({ length: 5 }, (_, index) => `team/app-${index}`);
  private readonly to: { url: string };
  private readonly serversDie: boolean;
  private tags = 0;

  /** With `serversDie`, broken connections are no errors: what was asked is then neither acknowledged nor deleted. */
  constructor(to: { url: string }, { serversDie = false } = {}) {
    this.to = to;
    this.serversDie = serversDie;
  }

  /** Works with so many clients at a time until the promise resolves or rejects. */
  async workUntil(done: Promise<unknown>, count = 4): Promise<void> {
    let working = true;
    const ended = done.finally(() => {
      working = false;
    });
    const work = async () => {
      while (working) await this.step().catch((error) => this.note(String(error)));
    };
    await Promise.all([...Array.from({ length: count }, work), ended]);
  }

  /** What clients were told is there, and nobody has begun to delete. */
  images(): AcknowledgedAt[] {
    return [...this.acknowledged].map(acknowledgedAt);
  }

  /** Does the work, and returns the images that were there before it, and that nobody has begun to delete until its end. */
  async imagesThroughout<T>(work: () => Promise<T>): Promise<{ images: AcknowledgedAt[]; result: T }> {
    const before = new Map([...this.acknowledged].map((image) => [image, image.deletions]));
    const result = await work();
    const images = [...this.acknowledged].filter((image) => before.get(image) === image.deletions);
    return { images: images.map(acknowledgedAt), result };
  }

  private async step(): Promise<void> {
    const kind = randomInt(10);
    if (kind < 3) return this.acknowledge(this.newImage());
    if (kind < 4) return this.acknowledge(this.newIndex());
    if (kind < 5) {
      const image = this.deleted.splice(randomInt(this.deleted.length + 1), 1)[0];
      return image && this.acknowledge(image);
    }
    const image = [...this.acknowledged][randomInt(this.acknowledged.size + 1)];
    if (image === undefined) return void (await sleep(50));
    if (kind < 7) return this.pull(image);
    if (kind < 8) return this.untag(image);
    await this.delete(image);
  }

  private async acknowledge(image: Pushed): Promise<void> {
    await this.push(image, image.tag);
    this.acknowledged.add(Object.assign(image, { tagged: true, at: Date.now() }));
  }

  private newImage(): Pushed {
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
    return { repository, tag: `v${this.tags}`, manifest, blobs, children: [], tagged: false, deletions: 0, at: 0 };
  }

  private newIndex(): Pushed {
    const [first, second] = [this.newImage(), this.newImage()];
    const { repository } = first;
    const children = [first, { ...second, repository }];
    const manifests = children.map(({ manifest }) => descriptor(imageType, Buffer.from(manifest)));
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
    return { ...first, tag: `v${++this.tags}`, manifest, blobs: new Map(), children };
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

  /** Deletes the tag alone: its manifest stays, and is served by digest. */
  private async untag(image: Pushed): Promise<void> {
    if (!image.tagged || !this.acknowledged.delete(image)) return;
    await this.expect([202], `DELETE /v2/${image.repository}/manifests/${image.tag}`);
    this.acknowledged.add(Object.assign(image, { tagged: false }));
  }

  private async delete(image: Pushed): Promise<void> {
    if (!this.acknowledged.delete(image)) return;
    image.deletions++;
    for (const { repository, manifest } of [image, ...image.children])
      await this.expect([202], `DELETE /v2/${repository}/manifests/${digestOf(manifest)}`);
    this.deleted.push(image);
  }

  /** Another client may delete the image meanwhile; then this one may miss manifests, but no blob. */
  private async pull(image: Pushed): Promise<void> {
    const { repository, manifest, deletions } = image;
    const wrong = await notWhole(this.to, [{ repository, digest: digestOf(manifest) }], (line) =>
      this.timed(() => ask(this.to, line, { headers: { accept: `${imageType}, ${indexType}` } })),
    );
    for (const line of wrong) if (image.deletions === deletions || line.includes("/blobs/")) this.note(line);
  }

  private note(error: string): void {
    if (this.serversDie && interruption.test(error)) this.interrupted++;
    else this.errors.push(error);
  }

  private async expect(statuses: number[], line: string, more: Parameters<typeof ask>[2] = {}): Promise<Answer> {
    const answer = await this.timed(() => ask(this.to, line, { ...as, ...more }));
    if (!statuses.includes(answer.status)) throw new Error(`${line}: ${answer.status} ${answer.text}`);
    return answer;
  }

  private async timed<T>(request: () => Promise<T>): Promise<T> {
    const start = Date.now();
    try {
      return await request();
    } finally {
      this.slowest = Math.max(this.slowest, Date.now() - start);
      this.requests++;
    }
  }
}

function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}

function acknowledgedAt({ repository, manifest, tag, tagged, at }: Pushed): AcknowledgedAt {
  return { repository, digest: digestOf(manifest), at, ...(tagged && { tag }) };
}
