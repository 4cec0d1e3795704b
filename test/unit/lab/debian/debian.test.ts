import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ensurePrograms } from "../../../../lab/debian/debian.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

describe("ensurePrograms, where there is no apt-get", () => {
  withFreshWorld((cleanup) => {
    const folder = temporaryFolder(cleanup, "programs");
    symlinkSync("/bin/sh", join(folder, "sh"));
    vi.stubEnv("PATH", folder);
    cleanup.defer(() => vi.unstubAllEnvs());
  });

  it("does nothing when all programs exist, by name or by path", async () => {
    await expect(ensurePrograms({ sh: ["dash"], "/bin/sh": ["dash"] }, "install dash")).resolves.toBeUndefined();
  });

  it("throws the caller's error when a program is missing", async () => {
    await expect(ensurePrograms({ sh: ["dash"], skopeo: ["skopeo"] }, "install skopeo")).rejects.toThrow(
      /^install skopeo$/,
    );
  });
});

it("Debian packages › are installed by lab/debian/apt.ts alone, so that parallel installations cannot break each other", () => {
  const root = join(import.meta.dirname, "../../../..");
  const files = ["bench", "lab", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const installing = files.filter(
    (file) => file.endsWith(".ts") && /execa\w*\(\s*"(apt-get|apt|dpkg)"/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(installing).toEqual(["lab/debian/apt.ts"]);
});
