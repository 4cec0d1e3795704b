import { createHash } from "node:crypto";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";

/** Files that shape the bundle without being part of it: compiler options, installed versions, the bundler's own code. */
const settingFiles = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "node_modules/.package-lock.json",
  "bundle/write-bundle.js",
];

/** A bundle's first file, within its folder. */
export const entryFile = "index.mjs";

/** Lists the files that the last written bundle was made from, relative to the project. */
export const inputList = "inputs.json";

/**
 * Finds the bundle of the program as its source files are now, or writes it. Each bundle lies in a folder named by a digest of
 * all it was made from, so an outdated one is never found.
 * @param {string} root the project's folder
 * @returns {Promise<string>} the bundle's folder
 */
export async function freshBundle(root) {
  const cache = join(root, "node_modules/.cache/program");
  const folder = writtenBundle(root, cache);
  if (folder !== undefined) return folder;
  // Loaded late: a run that finds its bundle needs no esbuild.
  // biome-ignore lint/suspicious/noImportCycles: the import happens at run time, when this file is loaded already
  const { writeBundle } = await import("./write-bundle.js");
  return writeBundle(root, cache);
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

/**
 * The name of a bundle's folder. The project's folder is part of it: a bundle holds the addresses of its source files, and
 * several checkouts may share one node_modules by a symbolic link.
 * @param {string} root
 * @param {Map<string, string>} inputs path within the project → SHA-256 of its content
 * @param {Map<string, string>} settings likewise, for the files that shape the bundle
 * @returns {string}
 */
export function bundleDigest(root, inputs, settings) {
  const sorted = [...inputs].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([root, sorted, [...settings]])).slice(0, 32);
}

/**
 * @param {string} root
 * @returns {Map<string, string>}
 */
export function settingsOf(root) {
  return new Map(settingFiles.map((path) => [path, sha256(contentOf(join(root, path)) ?? "missing")]));
}

/**
 * @param {string | Uint8Array} content
 * @returns {string}
 */
export function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * @param {string} path
 * @returns {Buffer | undefined} undefined where the file cannot be read; what is wrong with it, writing the bundle will say
 */
function contentOf(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
