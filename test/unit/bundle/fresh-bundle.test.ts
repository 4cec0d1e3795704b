import { readdir, stat, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshBundle } from "../../../bundle/fresh-bundle.js";
import { newProject } from "./project.ts";

const files = {
  "index.ts":
    'import { greeting } from "./greeting.ts";\nimport { name } from "known";\nexport default [greeting, name].join(" ");\n',
  "greeting.ts": 'export const greeting: string = "hello";\n',
  "node_modules/known/package.json": '{ "name": "known", "main": "index.js" }',
  "node_modules/known/index.js": 'exports.name = "world";\n',
};

describe("freshBundle", () => {
  it("finds the bundle that it wrote while no source changed", async () => {
    await using project = await newProject(files);
    const folder = await freshBundle(project.root);
    const entry = join(folder, "index.mjs");
    const { ctimeMs } = await stat(entry);
    expect(await freshBundle(project.root)).toBe(folder);
    expect((await stat(entry)).ctimeMs).toBe(ctimeMs);
    expect((await readdir(project.cache)).sort()).toEqual([basename(folder), "inputs.json"].sort());
  });

  it.each([
    ["a source file", "greeting.ts", '"hello"', '"howdy"', "howdy world"],
    ["a library's file", "node_modules/known/index.js", '"world"', '"there"', "hello there"],
  ])("sees a change in %s that kept its size and modification time", async (_, path, from, to, printed) => {
    await using project = await newProject(files);
    expect((await project.run()).stdout).toBe("hello world");
    await project.replaceUnnoticed(path, from, to);
    expect((await project.run()).stdout).toBe(printed);
  });

  it("returns to the earlier bundle once a change is taken back", async () => {
    await using project = await newProject(files);
    const first = await freshBundle(project.root);
    await project.replaceUnnoticed("greeting.ts", '"hello"', '"howdy"');
    expect(await freshBundle(project.root)).not.toBe(first);
    await project.replaceUnnoticed("greeting.ts", '"howdy"', '"hello"');
    expect(await freshBundle(project.root)).toBe(first);
  });

  it.each(["package.json", "package-lock.json", "tsconfig.json", "node_modules/.package-lock.json"])(
    "writes another bundle when %s changes",
    async (path) => {
      await using project = await newProject(files);
      const first = await freshBundle(project.root);
      await project.write(path, '{ "name": "changed" }');
      expect(await freshBundle(project.root)).not.toBe(first);
    },
  );

  it("names a module that was deleted", async () => {
    await using project = await newProject(files);
    await freshBundle(project.root);
    await project.delete("greeting.ts");
    await expect(freshBundle(project.root)).rejects.toThrow('index.ts:1:26: Could not resolve "./greeting.ts"');
  });

  it("names the line of a syntax error, without a stack trace", async () => {
    await using project = await newProject({ "index.ts": "export default 1;\nconst x = ;\n" });
    await expect(freshBundle(project.root)).rejects.toThrow(
      expect.objectContaining({
        __pulumiRunError: true,
        message: 'the program does not compile:\n  index.ts:2:11: Unexpected ";"',
      }),
    );
  });

  it("serves several processes that start at once", async () => {
    await using project = await newProject(files);
    const runs = await Promise.all([1, 2, 3, 4].map(() => project.run()));
    expect(runs.map(({ stdout, stderr }) => stdout + stderr)).toEqual(Array(4).fill("hello world"));
    expect(await readdir(project.cache)).toHaveLength(2);
  });

  it("deletes bundles that no command has used for a day, half-written ones too", async () => {
    await using project = await newProject(files);
    for (const name of ["old", "old.4711", "young"])
      await project.write(`node_modules/.cache/program/${name}/index.mjs`, "");
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    for (const name of ["old", "old.4711"]) await utimes(join(project.cache, name), twoDaysAgo, twoDaysAgo);
    const folder = await freshBundle(project.root);
    expect((await readdir(project.cache)).sort()).toEqual([basename(folder), "inputs.json", "young"].sort());
  });

  it("keeps a bundle that was written long ago and is in use", async () => {
    await using project = await newProject(files);
    const first = await freshBundle(project.root);
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    await utimes(first, twoDaysAgo, twoDaysAgo);
    await freshBundle(project.root);
    await project.replaceUnnoticed("greeting.ts", '"hello"', '"howdy"');
    await freshBundle(project.root);
    expect(await readdir(project.cache)).toContain(basename(first));
  });
});
