import { startProgress } from "../progress.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";
import { type ReadContents, readContents } from "./read-contents.ts";

/** Reads these repositories; says on standard error how far it is, and which ones no account may pull from. */
export async function readWithProgress(api: RegistryApi, names: readonly string[]): Promise<ReadContents> {
  using progress = startProgress();
  const contents = await readContents(api, names, ({ repositories, repositoriesRead, tagsRead }) =>
    progress.show(`${api.url}: ${repositoriesRead} of ${repositories} repositories, ${tagsRead} tags`),
  );
  for (const { message } of contents.denied) console.error(`left out: ${message}`);
  return contents;
}
