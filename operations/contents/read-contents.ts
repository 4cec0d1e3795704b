import { DeniedError } from "../registry-api/errors.ts";
import type { RawManifest, RegistryApi } from "../registry-api/registry-api.ts";
import type { Contents, Digest, Manifest, Repository, Tag } from "./contents.ts";
import { parseConfig, parseManifest } from "./parse-manifest.ts";
import { subjectOfTag } from "./referrer-tag.ts";

/** How far a reading is. */
export type ReadProgress = { repositories: number; repositoriesRead: number; tagsRead: number };

/** What was read, and the repositories that no account of the stack may pull from. */
export type ReadContents = Contents & { denied: readonly DeniedError[] };

/** Reads these repositories. Those that do not exist are left out. */
export async function readContents(
  api: RegistryApi,
  names: readonly string[],
  onProgress: (progress: ReadProgress) => void = () => {},
): Promise<ReadContents> {
  const reader = new Reader(api);
  const progress = { repositories: names.length, repositoriesRead: 0, tagsRead: 0 };
  const denied: DeniedError[] = [];
  const read = async (name: string) => {
    const onTag = () => onProgress({ ...progress, tagsRead: ++progress.tagsRead });
    const repository = await reader.repository(name, onTag).catch((error: unknown) => {
      if (error instanceof DeniedError) denied.push(error);
      else throw error;
    });
    onProgress({ ...progress, repositoriesRead: ++progress.repositoriesRead });
    return repository ?? [];
  };
  return { repositories: (await Promise.all(names.map(read))).flat(), denied };
}

/** Reads one repository; one that does not exist has no tags and manifests. */
export async function readRepository(api: RegistryApi, name: string): Promise<Repository> {
  return (await new Reader(api).repository(name)) ?? { name, tags: [], manifests: new Map() };
}

/**
 * Reads one image by tag or digest: of its repository only this manifest, its children, their referrers, and the tags
 * that were needed to find them. Undefined if it is not there.
 */
export async function readImage(
  api: RegistryApi,
  name: string,
  reference: string,
): Promise<{ repository: Repository; manifest: Manifest } | undefined> {
  const reader = new Reader(api);
  const manifest = await reader.manifest(name, reference);
  if (manifest === undefined) return undefined;
  const { digest } = manifest;
  const repository = await reader.image(name, digest);
  const tags = reference === digest ? repository.tags : [{ name: reference, digest }, ...repository.tags];
  return { repository: { ...repository, tags }, manifest };
}

/** Reads manifests of one repository by digest. Those that are not there are left out. */
export async function readManifests(api: RegistryApi, name: string, digests: readonly Digest[]): Promise<Manifest[]> {
  const reader = new Reader(api);
  return (await Promise.all(digests.map((digest) => reader.manifest(name, digest)))).flatMap((found) => found ?? []);
}

/** Reads each manifest and config once, also if several repositories have it. */
class Reader {
  readonly #api: RegistryApi;
  readonly #manifests = new Map<Digest, Promise<Manifest | undefined>>();

  constructor(api: RegistryApi) {
    this.#api = api;
  }

  async repository(name: string, onTag: () => void = () => {}): Promise<Repository | undefined> {
    const tagNames = await this.#api.tags(name);
    if (tagNames === undefined) return undefined;
    const manifests = new Map<Digest, Manifest>();
    const tags = await Promise.all(
      tagNames.map(async (tag): Promise<Tag[]> => {
        const manifest = await this.manifest(name, tag);
        if (manifest !== undefined) await this.#addRead(name, manifest, manifests);
        onTag();
        // A tag may have been deleted since the list was read.
        return manifest === undefined ? [] : [{ name: tag, digest: manifest.digest }];
      }),
    );
    return { name, tags: tags.flat(), manifests };
  }

  /** One manifest with all that belongs to it, and the tags that name its referrers. */
  async image(name: string, digest: Digest): Promise<Repository> {
    const manifests = new Map<Digest, Manifest>();
    await this.#add(name, digest, manifests);
    const names = ((await this.#api.tags(name)) ?? []).filter((tag) => subjectOfTag(tag) !== undefined);
    const tags: Tag[] = [];
    // What a tag leads to may have referrers with tags of their own.
    for (let left = names; ; left = left.filter((tag) => !tags.some((each) => each.name === tag))) {
      const found = left.filter((tag) => manifests.has(subjectOfTag(tag) ?? ""));
      if (found.length === 0) return { name, tags, manifests };
      for (const tag of found) {
        const named = await this.manifest(name, tag);
        tags.push({ name: tag, digest: named?.digest ?? "" });
        if (named !== undefined) await this.#addRead(name, named, manifests);
      }
    }
  }

  /** A manifest by tag or digest, with what its config says; undefined if it is not there. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    if (reference.includes(":")) return this.#once(reference, () => this.#read(repository, reference));
    const raw = await this.#api.manifest(repository, reference);
    return raw && this.#once(raw.digest, () => this.#parse(repository, raw));
  }

  /** Adds a manifest with all that belongs to it. An index may name children that were not copied with it. */
  async #add(repository: string, digest: Digest, found: Map<Digest, Manifest>): Promise<void> {
    if (found.has(digest)) return;
    const manifest = await this.manifest(repository, digest);
    if (manifest !== undefined) await this.#addRead(repository, manifest, found);
  }

  /** Adds a manifest that was read, its children and its referrers. */
  async #addRead(repository: string, manifest: Manifest, found: Map<Digest, Manifest>): Promise<void> {
    if (found.has(manifest.digest)) return;
    found.set(manifest.digest, manifest);
    const referrers = (await this.#api.referrers(repository, manifest.digest)) ?? [];
    const next = [...manifest.children.map((child) => child.digest), ...referrers];
    await Promise.all(next.map((each) => this.#add(repository, each, found)));
  }

  /** What was read already, unless another repository lacked or denied it. */
  #once(digest: Digest, readIt: () => Promise<Manifest | undefined>): Promise<Manifest | undefined> {
    const earlier = this.#manifests.get(digest);
    const read = earlier === undefined ? readIt() : earlier.then((manifest) => manifest ?? readIt(), readIt);
    this.#manifests.set(digest, read);
    return read;
  }

  async #read(repository: string, digest: Digest): Promise<Manifest | undefined> {
    const raw = await this.#api.manifest(repository, digest);
    return raw && this.#parse(repository, { ...raw, digest });
  }

  async #parse(repository: string, raw: RawManifest): Promise<Manifest> {
    const manifest = parseManifest(raw, `${this.#api.url}, repository ${repository},`);
    if (manifest.kind !== "image" || manifest.config === undefined) return manifest;
    const config = await this.#api.blob(repository, manifest.config.digest);
    return { ...manifest, ...parseConfig(config ?? "") };
  }
}
