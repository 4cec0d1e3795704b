import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../lab/proxy/ask.ts";
import { type Layout, newLayer, writeLayout } from "./layouts.ts";
import { type Tool, type ToolName, toolCommands } from "./tool-commands.ts";
import type { Acknowledged } from "./whole.ts";

export type { ToolName } from "./tool-commands.ts";

const imagesEach = 3;

/** Real clients that push, each into two repositories of its own, images that share layers; pushed ones are deleted and pushed again. */
export class Tools implements AsyncDisposable {
  readonly errors: string[] = [];
  private readonly url: string;
  private readonly folder: string;
  private readonly prepared: ReadonlyMap<ToolName, readonly Layout[]>;
  private readonly counts = new Map<ToolName, number>();
  private readonly acknowledged = new Map<string, Acknowledged>();
  /** Ends, without an error, when no tool pushes any more. */
  private idle: Promise<unknown> = Promise.resolve();

  private constructor(url: string, folder: string, images: ReadonlyMap<ToolName, readonly Layout[]>) {
    this.url = url;
    this.folder = folder;
    this.prepared = images;
  }

  /** Those of the tools that this machine has. */
  static async prepare({ url }: { url: string }, names: readonly ToolName[]): Promise<Tools> {
    const folder = await mkdtemp(join(tmpdir(), "campaign-images-"));
    const layer = () => newLayer(join(folder, "layers"));
    const shared = [await layer(), await layer()];
    const images = new Map<ToolName, Layout[]>();
    for (const name of names) {
      if (!(await toolCommands[name].isThere())) continue;
      const layouts: Layout[] = [];
      for (let index = 0; index < imagesEach; index++) {
        const layers = [...shared.slice(index % 2), await layer()];
        layouts.push(await writeLayout(join(folder, `${name}-${index}`), `campaign.test/${name}:${index}`, layers));
      }
      images.set(name, layouts);
    }
    return new Tools(url.replace("localhost", "127.0.0.1"), folder, images);
  }

  /** Works with all tools at the same time until the promise resolves or rejects. */
  async workUntil(done: Promise<unknown>): Promise<void> {
    let working = true;
    const ended = done.finally(() => {
      working = false;
    });
    const work = async (name: ToolName) => {
      while (working) await this.step(name).catch((error) => this.errors.push(`${name}: ${error}`));
    };
    const works = [...[...this.prepared.keys()].map(work), ended];
    this.idle = Promise.allSettled(works);
    await Promise.all(works);
  }

  images(): Acknowledged[] {
    return [...this.acknowledged.values()];
  }

  /** How often each tool has pushed. */
  pushes(): Record<string, number> {
    return Object.fromEntries([...this.counts].map(([name, count]) => [`pushes by ${name}`, count]));
  }

  private async step(name: ToolName): Promise<void> {
    const images = this.prepared.get(name) ?? [];
    const index = randomInt(images.length);
    const repository = `tools/${name}-${randomInt(2)}`;
    const tag = `v${index}`;
    const key = `${repository}:${tag}`;
    const there = this.acknowledged.get(key);
    if (there) {
      this.acknowledged.delete(key);
      const { status, text } = await ask({ url: this.url }, `DELETE /v2/${repository}/manifests/${there.digest}`, {
        bearer: "jenkins",
      });
      if (status !== 202) throw new Error(`DELETE ${repository}@${there.digest}: ${status} ${text}`);
      await sleep(randomInt(1500));
      return;
    }
    const image = images[index];
    if (image === undefined) return;
    const digest = await toolCommands[name].push(image, `${new URL(this.url).host}/${key}`);
    this.acknowledged.set(key, { repository, tag, digest });
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.idle;
    try {
      for (const [name, images] of this.prepared) await (toolCommands[name] as Tool).clean?.(images);
    } finally {
      await rm(this.folder, { recursive: true });
    }
  }
}
