import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { collectScript } from "../../../../render/collection/collect-script.ts";
import type { Shell } from "../../hosts/shells.ts";

const systemShell = { sh: "/bin/sh", path: "/usr/sbin:/usr/bin:/sbin:/bin" };

/** A storage as distribution writes it, and the collector for it, without a registry. */
export async function scratchStorage({ sh, path }: Pick<Shell, "sh" | "path"> = systemShell) {
  const storagePath = await mkdtemp(join(tmpdir(), "storage-"));
  const root = join(storagePath, "docker/registry/v2");
  // No client waits for the end of a hold here, so a busy machine may take longer.
  const script = collectScript({ storagePath, graceDays: 7, writesSocket: "/nonexistent" }).replace(
    "hold_seconds=3",
    "hold_seconds=15",
  );
  await mkdir(join(root, "blobs/sha256"), { recursive: true });
  await mkdir(join(root, "repositories"), { recursive: true });

  /** Everything is two days old unless a test asks for less. */
  const write = async (path: string, text: string, ageHours = 48) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    const then = Date.now() / 1000 - ageHours * 3600;
    for (const each of [path, dirname(path)]) await utimes(each, then, then);
  };
  const blobPath = (hex: string) => join(root, "blobs/sha256", hex.slice(0, 2), hex, "data");
  const trashPath = (hex: string) => join(storagePath, "collection/trash", hex, "data");

  return {
    storagePath,
    blobPath,
    trashPath,
    blob: async (text: string, ageHours?: number) => {
      const hex = createHash("sha256").update(text).digest("hex");
      await write(blobPath(hex), text, ageHours);
      return hex;
    },
    /** `below` is a directory of the repository, as in `_layers/sha256`. */
    link: (repository: string, below: string, name: string, { hex = name, ageHours = 48 } = {}) =>
      write(join(root, "repositories", repository, below, name, "link"), `sha256:${hex}`, ageHours),
    collect: async (...args: string[]) => {
      const { stdout } = await execa(sh, ["-c", script, "sh", ...args], { timeout: 60_000, env: { PATH: path } });
      return JSON.parse(stdout || "{}") as Record<string, number>;
    },
    [Symbol.asyncDispose]: () => rm(storagePath, { recursive: true, force: true }),
  };
}
