import { Failure } from "./failure.ts";
import { acceptedTypes } from "./image.ts";
import type { Registry } from "./registry.ts";

/** A digest that no content has. */
const nothing = `sha256:${"0".repeat(64)}`;

/** Whether the account may delete in a repository: asked to delete a digest that cannot exist, the registry answers 404 instead of 403. */
export async function mayDelete(registry: Registry, repository: string, signal: AbortSignal): Promise<boolean> {
  if (registry.session === undefined) return false;
  return deleteManifest(registry, repository, nothing, signal).then(
    () => true,
    (thrown) => thrown instanceof Failure && thrown.kind === "missing",
  );
}

/** Deletes a manifest by its digest, and every tag on it; or by a tag, that tag alone. */
export async function deleteManifest(
  registry: Registry,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<void> {
  await registry.ask(`/v2/${repository}/manifests/${reference}`, { method: "DELETE", signal });
}

/** The tags that point to a digest. The registry API has no request for that, so each tag is asked for. */
export async function tagsOn(
  digest: string,
  tags: readonly string[],
  ask: { registry: Registry; repository: string; signal: AbortSignal; onProgress(asked: number): void },
): Promise<string[]> {
  const { registry, repository, signal, onProgress } = ask;
  const found: string[] = [];
  let asked = 0;
  const look = async (tag: string) => {
    if ((await digestOf(registry, repository, tag, signal)) === digest) found.push(tag);
    asked += 1;
    onProgress(asked);
  };
  await Promise.all(tags.map(look));
  return tags.filter((tag) => found.includes(tag));
}

async function digestOf(
  registry: Registry,
  repository: string,
  tag: string,
  signal: AbortSignal,
): Promise<string | null> {
  const path = `/v2/${repository}/manifests/${tag}`;
  const answer = await registry.ask(path, { method: "HEAD", accept: acceptedTypes, signal }).catch((thrown) => {
    // Deleted after the list was loaded.
    if (thrown instanceof Failure && thrown.kind === "missing") return undefined;
    throw thrown;
  });
  return answer?.headers.get("docker-content-digest") ?? null;
}
