import { mkdtempSync } from "node:fs";
import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, type Result } from "execa";

/** A project with an index.ts, as the bundler sees one. */
export class Project implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), "bundle-project-"));
  readonly cache = join(this.root, "node_modules/.cache/program");

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  async delete(path: string): Promise<void> {
    await rm(join(this.root, path));
  }

  /** Replaces text by text of the same length, and sets the modification time back to what it was. */
  async replaceUnnoticed(path: string, from: string, to: string): Promise<void> {
    const file = join(this.root, path);
    const { atime, mtime } = await stat(file);
    await writeFile(file, (await readFile(file, "utf8")).replace(from, to));
    await utimes(file, atime, mtime);
  }

  /** Runs the program in a Node.js process of its own, which prints its default export and its warnings. */
  run(): Promise<Result<{ reject: false }>> {
    const loader = new URL("../../../bundle/load-program.js", import.meta.url).href;
    const script = `
      const { loadProgram } = await import(${JSON.stringify(loader)});
      const program = await loadProgram(${JSON.stringify(this.root)}, (message) => console.log("warning:", message));
      console.log(program.default);`;
    return execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}

export async function newProject(files: Record<string, string>): Promise<Project> {
  const project = new Project();
  const needed = { "package.json": '{ "type": "module" }', "package-lock.json": "{}", "tsconfig.json": "{}" };
  for (const [path, text] of Object.entries({ ...needed, ...files })) await project.write(path, text);
  return project;
}
