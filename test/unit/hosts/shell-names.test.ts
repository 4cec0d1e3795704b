import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const hosts = new URL("../../../hosts/", import.meta.url);

describe("the shell functions of", () => {
  const program = functions("apply");

  it.each([
    ["the program that applies bundles", program],
    ["a registry host", functions("registry-host")],
  ])("%s each have one name", (_, names) => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(["registry-host", "node-trust"])("%s leave the program's own alone", (folder) => {
    const names = functions(folder);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => program.includes(name))).toEqual([]);
  });
});

function functions(...folders: string[]): string[] {
  const files = folders.flatMap((folder) => {
    const url = new URL(`${folder}/`, hosts);
    return readdirSync(url).flatMap((name) => (name.endsWith(".sh") ? [readFileSync(new URL(name, url), "utf8")] : []));
  });
  return files.flatMap((text) => Array.from(text.matchAll(/^([a-z_]+)\(\) [{(]/gm), ([, name = ""]) => name));
}
