import { readdir, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const keptDays = 3;

/**
 * Marks an archive as used, and deletes those of the same set that nobody has used for three days. Other checkouts may have
 * other versions in use. `prefix`: what the names of the set's archives begin with.
 */
export async function keepArchive(archive: string, prefix = ""): Promise<void> {
  const now = new Date();
  await utimes(archive, now, now);
  const folder = dirname(archive);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".tar") || name === basename(archive)) continue;
    const path = join(folder, name);
    const used = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => now.getTime(),
    );
    if (now.getTime() - used > keptDays * 86_400_000) await rm(path, { force: true });
  }
}
