import type { Manifest, Repository } from "../../contents/contents.ts";
import { readManifests } from "../../contents/read-contents.ts";
import { DeniedError } from "../../registry-api/errors.ts";
import type { RegistryApi } from "../../registry-api/registry-api.ts";
import { neededBy } from "../manifest-graph.ts";
import type { Storage } from "./open-storage.ts";
import { listingScript, type StoredManifests, storedManifests } from "./stored-manifests.ts";

/** Finds the manifests that no tag leads to, which the registry's API does not list. */
export class UntaggedFinder {
  readonly #api: RegistryApi;
  readonly #storage: Pick<Storage, "root" | "run">;
  readonly #applies: (repository: string) => boolean;

  /** `applies`: whether to look in a repository. */
  constructor(api: RegistryApi, storage: Pick<Storage, "root" | "run">, applies: (repository: string) => boolean) {
    this.#api = api;
    this.#storage = storage;
    this.#applies = applies;
  }

  /** These repositories with what they have untagged, and those that have nothing else. */
  async inAll(repositories: readonly Repository[]): Promise<Repository[]> {
    const stored = storedManifests(await this.#storage.run(listingScript(this.#storage.root)));
    const named = new Map([...stored.keys()].map((name) => [name, { name, tags: [], manifests: new Map() }]));
    const all = new Map<string, Repository>([...named, ...repositories.map((each) => [each.name, each] as const)]);
    const found = await Promise.all([...all.values()].map((each) => this.#with(each, stored.get(each.name))));
    return found.flatMap((each) => each ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** This repository with what it has untagged now. */
  async in(repository: Repository): Promise<Repository> {
    const script = listingScript(this.#storage.root, repository.name);
    const stored = storedManifests(await this.#storage.run(script));
    return (await this.#with(repository, stored.get(""))) ?? repository;
  }

  /** Undefined for a repository that no account may pull from. */
  async #with(repository: Repository, stored: StoredManifests | undefined): Promise<Repository | undefined> {
    if (stored === undefined || !this.#applies(repository.name)) return repository;
    const unlisted = [...stored.pushed.keys()].filter((digest) => !repository.manifests.has(digest));
    try {
      return withUntagged(repository, stored, await readManifests(this.#api, repository.name, unlisted));
    } catch (error) {
      if (error instanceof DeniedError) return undefined;
      throw error;
    }
  }
}

/**
 * Adds to a repository the manifests that its tags do not lead to. One that a tag names in the storage, although the
 * API has not listed that tag, counts as pushed just now: somebody tags it, or the list had a hole.
 */
function withUntagged(
  repository: Repository,
  { pushed, tagged }: StoredManifests,
  unlisted: readonly Manifest[],
): Repository {
  const manifests = new Map([...repository.manifests, ...unlisted.map((each) => [each.digest, each] as const)]);
  const needed = neededBy(
    { ...repository, manifests },
    [...tagged].filter((digest) => !repository.manifests.has(digest)),
    () => true,
  );
  const now = new Date();
  const untagged = new Map(
    unlisted.map(({ digest }) => [digest, needed.has(digest) ? now : (pushed.get(digest) ?? now)]),
  );
  return { ...repository, manifests, untagged };
}
