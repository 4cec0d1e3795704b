import { StorageFiles } from "./storage-files.ts";

/** Fills a storage with repositories of so many tags. Each tag is an image of its own, of two of ten layers. */
export function taggedStorage(storage: string, repositories: readonly string[], tags: number): void {
  const files = new StorageFiles(storage);
  const layers = Array.from({ length: 10 }, (_, index) => files.blob(`layer ${index}`, 1_000_000 * (index + 1)));
  for (const repository of repositories)
    for (let tag = 0; tag < tags; tag++) {
      const created = new Date(Date.UTC(2026, 0, 1, 0, tag)).toISOString();
      const config = files.blob(JSON.stringify({ architecture: "amd64", os: "linux", created, of: repository }));
      files.image(
        repository,
        config,
        [layers[0], layers[1 + (tag % 9)]].flatMap((layer) => layer ?? []),
        `v${tag}`,
      );
    }
}
