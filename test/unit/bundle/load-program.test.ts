import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { newProject } from "./project.ts";

describe("loadProgram", () => {
  it("lets each module find the files beside it", async () => {
    await using project = await newProject({
      "index.ts": 'export { text as default } from "./below/reader.ts";\n',
      "below/reader.ts": `
        import { readFileSync } from "node:fs";
        import { join } from "node:path";
        const read = (path: string | URL) => readFileSync(path, "utf8");
        export const text = read(new URL("a.txt", import.meta.url)) + read(join(import.meta.dirname, "b.txt"));`,
      "below/a.txt": "a",
      "below/b.txt": "b",
    });
    expect((await project.run()).stdout).toBe("ab");
  });

  it("rejects other properties of import.meta, whose values would be the bundle's", async () => {
    await using project = await newProject({ "index.ts": 'export default import.meta.resolve("./a.ts");\n' });
    expect((await project.run()).stderr).toContain("index.ts: import.meta.resolve has no value in the bundle");
  });

  it("loads a module only when the program imports it", async () => {
    await using project = await newProject({
      "index.ts": 'if (process.argv.length > 9) await import("./rare.ts");\nexport default "done";\n',
      "rare.ts": 'import "@pulumi/pulumi/not-there.js";\n',
    });
    expect((await project.run()).stdout).toBe("done");
  });

  it("names source files and lines in stack traces", async () => {
    await using project = await newProject({
      "index.ts": 'import { fail } from "./below/fail.ts";\n\nexport default fail({ what: "x" });\n',
      "below/fail.ts": [
        "type Failure = { what: string };",
        "",
        "export function fail({ what }: Failure): never {",
        "  throw new Error(what);",
        "}",
        "",
      ].join("\n"),
    });
    const { stderr } = await project.run();
    expect(stderr).toContain("Error: x\n");
    expect(stderr).toContain(`at fail (${join(project.root, "below/fail.ts")}:4:9)`);
    expect(stderr).toContain(`at ${join(project.root, "index.ts")}:3:16`);
  });

  it("runs the source files, with a warning, where the bundle cannot be written", async () => {
    await using project = await newProject({
      "index.ts": 'import { text } from "./text.ts";\nexport default text as string;\n',
      "text.ts": 'export const text = "from the sources";\n',
    });
    // Nobody may create a folder there, root included.
    await mkdir(join(project.root, "node_modules"));
    await symlink("/sys/kernel", dirname(project.cache));
    const { stdout } = await project.run();
    expect(stdout).toMatch(/^warning: the program's bundle cannot be written, .*: E[A-Z]+: .*\nfrom the sources$/);
  });
});
