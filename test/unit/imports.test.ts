import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { expect, it } from "vitest";

/** What each folder may import besides itself, as the design has it. */
const mayImport: Record<string, readonly string[]> = {
  settings: [],
  render: ["settings"],
  hosts: ["settings", "render"],
  jenkins: ["settings", "render", "hosts"],
  existing: ["settings", "hosts"],
  components: ["settings", "render", "hosts", "jenkins", "existing"],
  operations: ["settings", "render", "hosts", "jenkins", "existing"],
  policy: ["components"],
  plugin: ["settings", "hosts", "jenkins", "components", "bundle"],
  bundle: [],
  ui: [],
};

const root = join(import.meta.dirname, "../..");

it.each(Object.entries(mayImport))("%s › imports only itself and: %s", (folder, allowed) => {
  const strays = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(tsx?|js)$/.test(file))
    .map((file) => join(folder, file))
    .flatMap((file) => importedFolders(file).map((imported) => ({ file, imported })))
    .filter(({ imported }) => imported !== folder && !allowed.includes(imported));
  expect(strays).toEqual([]);
});

it("imports › are found by this test at all", () => {
  expect(importedFolders("components/prepare-registry.ts")).toContain("settings");
});

it("lab/pulumi-fakes › imports nothing else of this project", () => {
  const folder = "lab/pulumi-fakes";
  const strays = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => importedPaths(join(folder, file)).map((imported) => ({ file, imported })))
    .filter(({ imported }) => !imported.startsWith(`${folder}/`));
  expect(strays).toEqual([]);
});

it("operations › load no SDK of Pulumi's, which takes a second", () => {
  const packages = [...reached("operations/main.ts")].flatMap((file) =>
    importsOf(file).filter((each) => !isOurs(each)),
  );
  expect(packages).toEqual(expect.arrayContaining(["citty", "zod", "@pulumi/pulumi/errors.js"]));
  expect(packages.filter((each) => /^@pulumi\/[^/]+$/.test(each))).toEqual([]);
});

/** All our files that one needs, those of a later `import()` too; types need none. */
function reached(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const path of importsOf(file).filter(isOurs)) reached(normalize(join(dirname(file), path)), found);
  return found;
}

function isOurs(path: string): boolean {
  return path.startsWith(".");
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const from = /^(?:import|export)\s(?!type\b)(?:[^;"]*?from\s*)?"([^"]+)"|import\("([^"]+)"\)/gm;
  return [...text.matchAll(from)].map(([, now, later]) => now ?? later ?? "");
}

function importedFolders(file: string): string[] {
  return importedPaths(file).map((path) => path.split(sep)[0] ?? "");
}

/** Files of this project that one imports, those it imports only types from included, relative to the root. */
function importedPaths(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
    normalize(join(dirname(file), path)),
  );
}
