import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepArchive } from "../../../../lab/images/keep-archive.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const world = withFreshWorld((cleanup) => ({ folder: temporaryFolder(cleanup, "archives") }));

it("keepArchive › deletes archives of its set that nobody has used for three days, and no others", async () => {
  const { folder } = world();
  const daysOld = { "set-used.tar": 9, "set-old.tar": 4, "set-new.tar": 2, "other-old.tar": 9, "set-old.txt": 9 };
  for (const [name, days] of Object.entries(daysOld)) {
    writeFileSync(join(folder, name), "");
    const at = new Date(Date.now() - days * 86_400_000);
    utimesSync(join(folder, name), at, at);
  }
  await keepArchive(join(folder, "set-used.tar"), "set-");
  expect(readdirSync(folder).sort()).toEqual(["other-old.tar", "set-new.tar", "set-old.txt", "set-used.tar"]);
  expect(statSync(join(folder, "set-used.tar")).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
});
