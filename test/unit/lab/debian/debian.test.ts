import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensurePrograms } from "../../../../lab/debian/debian.ts";

describe("ensurePrograms, where there is no apt-get", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "programs-"));
    symlinkSync("/bin/sh", join(folder, "sh"));
    vi.stubEnv("PATH", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it("does nothing where all is there, by name or by path", async () => {
    await expect(ensurePrograms({ sh: ["dash"], "/bin/sh": ["dash"] }, "install dash")).resolves.toBeUndefined();
  });

  it("gives the caller's error where one is missing", async () => {
    await expect(ensurePrograms({ sh: ["dash"], skopeo: ["skopeo"] }, "install skopeo")).rejects.toThrow(
      /^install skopeo$/,
    );
  });
});

it("Debian packages › are installed in one place: beside it, two processes at once would break each other's installation", () => {
  const root = join(import.meta.dirname, "../../../..");
  const files = ["bench", "lab", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const installing = files.filter(
    (file) => file.endsWith(".ts") && /execa\w*\(\s*"(apt-get|apt|dpkg)"/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(installing).toEqual(["lab/debian/apt.ts"]);
});
