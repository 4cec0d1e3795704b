import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Files that shape the bundle without being part of it: compiler options, installed versions, the bundler's own code. */
const settingFiles = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "node_modules/.package-lock.json",
  "bundle/digest.js",
  "bundle/write-bundle.js",
];

/** A bundle's first file, within its folder. */
export const entryFile = "index.mjs";

/** Lists the files that the last written bundle was made from, relative to the project. */
export const inputList = "inputs.json";

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
export function contentOf(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
