import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "@pulumi/pulumi/errors.js";
import { build } from "esbuild";
import { bundleDigest, entryFile, inputList, settingsOf, sha256 } from "./digest.js";

/** A bundle is deleted when no command has used it for this time: one that still runs may load a part of it. */
const unusedAfterMs = 24 * 3_600_000;

/**
 * How esbuild makes a Pulumi program of TypeScript sources.
 * @type {import("esbuild").BuildOptions}
 */
export const programOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // ssh2 loads parts that are compiled for the machine.
  external: ["@pulumi/pulumi/*", "ssh2"],
  // The name of an error's class is part of its text, and two classes in one file may need different names.
  keepNames: true,
  // Libraries in CommonJS call it for Node's own modules.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module";const require = requireFrom(import.meta.url);',
  },
};

/**
 * Bundles a source file, what it imports of the project and the libraries, and the providers' SDKs into `cache`. The files of
 * Pulumi's own SDK stay out, since its runner has loaded most of them already, and they must be loaded once. What is imported only
 * at need goes into files of its own, so that the Kubernetes SDK is loaded only by stacks with a cluster.
 * @param {string} root the project's folder
 * @param {string} source relative to it
 * @param {string} cache the folder of bundles
 * @returns {Promise<string>} the bundle's folder
 */
export async function writeBundle(root, source, cache) {
  const settings = settingsOf(root);
  /** @type {Map<string, string>} */
  const inputs = new Map();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { index: source },
    outdir: join(cache, "bundle"),
    outExtension: { ".js": ".mjs" },
    ...programOptions,
    splitting: true,
    sourcemap: "linked",
    sourcesContent: false,
    tsconfigRaw: readFileSync(join(root, "tsconfig.json"), "utf8"),
    plugins: [lightSdk, sourceReader(root, inputs)],
    write: false,
    logLevel: "silent",
  }).catch(throwCompileError);
  const folder = join(cache, bundleDigest(root, inputs, settings));
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
  replaceFolder(folder, files);
  replaceFile(join(cache, inputList), JSON.stringify([...inputs.keys()].sort()));
  deleteUnused(cache, folder);
  return folder;
}

/**
 * Says where the sources are wrong, without esbuild's own stack trace.
 * @param {import("esbuild").BuildFailure} failure
 * @returns {never}
 */
function throwCompileError(failure) {
  if (failure.errors === undefined) throw failure;
  const lines = failure.errors.map(({ location, text }) => {
    return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;
  });
  throw new RunError(`the program does not compile:\n  ${lines.join("\n  ")}`);
}

/** Files that replace modules of Pulumi's SDK in bundles. */
const lightModules = { "@pulumi/pulumi": "pulumi-sdk.cjs", "@pulumi/pulumi/runtime": "pulumi-runtime.cjs" };

/**
 * Loads only the part of Pulumi's SDK that programs use.
 * @type {import("esbuild").Plugin}
 */
export const lightSdk = {
  name: "light-sdk",
  setup({ onResolve }) {
    for (const [name, file] of Object.entries(lightModules))
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: join(import.meta.dirname, file) }));
  },
};

/**
 * Reads each file for esbuild, so that the digest is of the very bytes that went into the bundle, even where a file changes
 * meanwhile.
 * @param {string} root
 * @param {Map<string, string>} inputs filled with path → SHA-256
 * @returns {import("esbuild").Plugin}
 */
function sourceReader(root, inputs) {
  return {
    name: "source-reader",
    setup({ onLoad }) {
      onLoad({ filter: /./, namespace: "file" }, async ({ path }) => {
        const content = await readFile(path);
        inputs.set(relative(root, path), sha256(content));
        const ours = path.endsWith(".ts") && !path.includes("/node_modules/");
        return { contents: ours ? withOwnAddress(path, content.toString()) : content, loader: "default" };
      });
    },
  };
}

/**
 * A module that finds files beside itself by `import.meta` must find them from the bundle, too: it is given its source file's
 * address.
 * @param {string} path
 * @param {string} text
 * @returns {string}
 */
export function withOwnAddress(path, text) {
  /** @type {Record<string, string>} */
  const address = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
  return text.replace(/\bimport\.meta\b(?:\.(\w+))?/g, (found, property) => {
    const value = address[property];
    if (value === undefined) throw new Error(`${path}: ${found} has no value in the bundle (bundle/write-bundle.js)`);
    return JSON.stringify(value);
  });
}

/**
 * Several Pulumi commands may write the same bundle at once: each fills a folder of its own, and the first to rename it wins.
 * @param {string} folder
 * @param {{ name: string, contents: Uint8Array }[]} files
 */
function replaceFolder(folder, files) {
  const filling = `${folder}.${process.pid}`;
  try {
    mkdirSync(filling, { recursive: true });
    for (const { name, contents } of files) writeFileSync(join(filling, name), contents, { flush: true });
    renameSync(filling, folder);
  } catch (error) {
    rmSync(filling, { recursive: true, force: true });
    // The first one wrote the same: the folder's name is a digest of all that goes into it.
    if (!existsSync(join(folder, entryFile))) throw error;
  }
}

/**
 * @param {string} file
 * @param {string} text
 */
function replaceFile(file, text) {
  const filling = `${file}.${process.pid}`;
  writeFileSync(filling, text, { flush: true });
  renameSync(filling, file);
}

/**
 * @param {string} cache
 * @param {string} current
 */
function deleteUnused(cache, current) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (path === current || name === inputList) continue;
    const lastUse = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - lastUse > unusedAfterMs) rmSync(path, { recursive: true, force: true });
  }
}
