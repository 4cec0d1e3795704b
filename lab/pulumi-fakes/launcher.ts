import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { Script } from "node:vm";

// What each plugin's file on PATH is: it runs the bundle beside it from the code V8 compiled once, since a plugin
// starts anew in every preview. A cache from another Node.js is refused by V8, and the bundle then compiled.
const bundle = `${__filename}.js`;
const cache = `${__filename}.v8-cache`;

const script = new Script(Module.wrap(readFileSync(bundle, "utf8")), {
  filename: bundle,
  cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
});
script.runInThisContext()(exports, require, module, bundle, __dirname);

// Once it has started, so that what a start needs is among what was compiled.
if (process.argv[2] === "--compile")
  setTimeout(() => {
    writeFileSync(`${cache}.part`, script.createCachedData());
    renameSync(`${cache}.part`, cache);
    process.exit();
  }, 300);
