import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SentJenkinsProgram } from "../components/consumers/jenkins-credentials.ts";
import { sentProgram } from "../hosts/apply/sent-program.ts";

const root = join(import.meta.dirname, "..");
const command = { source: "jenkins/run-command.ts", cache: "node_modules/.cache/jenkins" };

/**
 * The program that writes Jenkins' entries, as text: the state keeps it, so that the entries can be removed where this version
 * of the package is not installed.
 */
export async function jenkinsProgram(): Promise<SentJenkinsProgram> {
  const { freshBundle, entryFile } = await bundler();
  const folder = await freshBundle(root, command);
  // The command imports it from a data: URL, of which no require() can be made. What it requires are Node.js' own modules.
  const module = readFileSync(join(folder, entryFile), "utf8").replace(
    /requireFrom\([^)]*\)/,
    `requireFrom("file:///program.mjs")`,
  );
  const { line: text, version } = sentProgram(module);
  return { text, version };
}

/** Loaded from its own files: esbuild, which it needs, cannot be part of a bundle. */
async function bundler() {
  const file = (name: string) => new URL(`../bundle/${name}`, import.meta.url).href;
  const { freshBundle }: typeof import("../bundle/fresh-bundle.js") = await import(file("fresh-bundle.js"));
  const { entryFile }: typeof import("../bundle/digest.js") = await import(file("digest.js"));
  return { freshBundle, entryFile };
}
