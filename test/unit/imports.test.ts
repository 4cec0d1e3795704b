import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { expect, it } from "vitest";

/** What each folder may import besides itself, as the design has it. */
const mayImport: Record<string, readonly string[]> = {
  settings: [],
  render: ["settings"],
  hosts: ["settings", "render"],
  jenkins: ["settings", "render", "hosts"],
  components: ["settings", "render", "hosts", "jenkins"],
  operations: ["settings", "render", "hosts", "jenkins"],
  ui: [],
};

const root = join(import.meta.dirname, "../..");

it.each(Object.entries(mayImport))("%s › imports only itself and: %s", (folder, allowed) => {
  const strays = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file))
    .flatMap((file) => importedFolders(file).map((imported) => ({ file, imported })))
    .filter(({ imported }) => imported !== folder && !allowed.includes(imported));
  expect(strays).toEqual([]);
});

it("imports › are found by this test at all", () => {
  expect(importedFolders("components/registry.ts")).toContain("settings");
});

function importedFolders(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(
    ([, path = ""]) => normalize(join(dirname(file), path)).split(sep)[0] ?? "",
  );
}
