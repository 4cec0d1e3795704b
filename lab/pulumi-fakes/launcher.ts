import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { Script } from "node:vm";

// Each plugin's file on PATH is this launcher. It runs the bundle beside it from V8's code cache, because every preview starts
// the plugins. V8 rejects the cache of another Node.js version, and compiles the bundle then.
const bundle = `${__filename}.js`;
const cache = `${__filename}.v8-cache`;

const script = new Script(Module.wrap(readFileSync(bundle, "utf8")), {
  filename: bundle,
  cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
});
script.runInThisContext()(exports, require, module, bundle, __dirname);

// After the start, so that the cache contains the functions that a start needs.
if (process.argv[2] === "--compile")
  setTimeout(() => {
    writeFileSync(`${cache}.part`, script.createCachedData());
    renameSync(`${cache}.part`, cache);
    process.exit();
  }, 300);
