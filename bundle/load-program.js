// Plain JavaScript, as all of this folder: Node 20 runs it before anything can run TypeScript.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { entryFile } from "./digest.js";
import { freshBundle, program } from "./fresh-bundle.js";
import { mapStackTraces } from "./stack-traces.js";

/** Error codes of a folder that cannot be written; with one of these the program runs from its source files instead. */
const unwritable = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"];

/**
 * Runs index.ts or another source file, as one bundle where possible.
 * @param {string} root the project's folder
 * @param {(message: string) => unknown} warn
 * @returns {Promise<{ default: unknown }>} what the source file exports
 */
export async function loadProgram(root, warn, bundled = program) {
  const folder = await freshBundle(root, bundled).catch((error) => {
    if (!unwritable.includes(error.code)) throw error;
    warn(`the program's bundle cannot be written, so each command compiles all source files anew: ${error.message}`);
  });
  if (folder === undefined) return loadSources(join(root, bundled.source));
  mapStackTraces(folder);
  return import(pathToFileURL(join(folder, entryFile)).href);
}

/**
 * @param {string} file
 * @returns {Promise<{ default: unknown }>}
 */
async function loadSources(file) {
  const { register } = await import("tsx/esm/api");
  register();
  return import(pathToFileURL(file).href);
}
