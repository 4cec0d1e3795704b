import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { bundleDigest, contentOf, entryFile, inputList, settingsOf, sha256 } from "./digest.js";

/**
 * What is bundled: its first source file, and the folder of its bundles, relative to the project.
 * @typedef {{ source: string, cache: string }} Bundled
 */

/** @type {Bundled} */
export const program = { source: "index.ts", cache: "node_modules/.cache/program" };

/** @type {Bundled} */
export const operations = { source: "operations/main.ts", cache: "node_modules/.cache/operations" };

/**
 * Finds the bundle as its source files are now, or writes it. Each bundle lies in a folder named by a digest of
 * all it was made from, so an outdated one is never found.
 * @param {string} root the project's folder
 * @returns {Promise<string>} the bundle's folder
 */
export async function freshBundle(root, bundled = program) {
  const cache = join(root, bundled.cache);
  const folder = writtenBundle(root, cache);
  if (folder !== undefined) return folder;
  // Loaded late: a run that finds its bundle needs no esbuild.
  const { writeBundle } = await import("./write-bundle.js");
  return writeBundle(root, bundled.source, cache);
}

/**
 * @param {string} root
 * @param {string} cache
 * @returns {string | undefined}
 */
function writtenBundle(root, cache) {
  const list = contentOf(join(cache, inputList));
  if (list === undefined) return undefined;
  /** @type {Map<string, string>} */
  const inputs = new Map();
  for (const path of /** @type {string[]} */ (JSON.parse(list.toString()))) {
    const content = contentOf(join(root, path));
    if (content === undefined) return undefined;
    inputs.set(path, sha256(content));
  }
  const folder = join(cache, bundleDigest(root, inputs, settingsOf(root)));
  if (!existsSync(join(folder, entryFile))) return undefined;
  noteUse(folder);
  return folder;
}

/**
 * Sets the folder's modification time, which says when it was last used: bundles that nobody uses are deleted.
 * @param {string} folder
 */
function noteUse(folder) {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // A folder that is another user's: only its owner deletes bundles there.
  }
}
