import type { Contents, Digest, Manifest } from "../contents/contents.ts";
import type { RepositoryPlan } from "./plan-repository.ts";

/**
 * How many bytes the next collection can free after this deletion: each blob counts once, and only if no manifest of
 * any repository still references it.
 */
export function freedBytes({ repositories }: Contents, plans: readonly RepositoryPlan[]): number {
  const deleted = new Map(plans.map(({ repository, deletes }) => [repository.name, new Set(deletes)]));
  const going = new Map<Digest, number>();
  const staying = new Set<Digest>();
  for (const { name, manifests } of repositories)
    for (const manifest of manifests.values())
      for (const { digest, size } of blobsOf(manifest))
        if (deleted.get(name)?.has(manifest.digest)) going.set(digest, size);
        else staying.add(digest);
  return [...going].reduce((sum, [digest, size]) => (staying.has(digest) ? sum : sum + size), 0);
}

function blobsOf(manifest: Manifest): { digest: Digest; size: number }[] {
  return [manifest, ...(manifest.config ? [manifest.config] : []), ...manifest.layers];
}
