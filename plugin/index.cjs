// @ts-nocheck: ts-node compiles this file, too, in a program whose tsconfig.json says allowJs.
// What Pulumi runs to serve the package: provider.ts, by way of bundle/. Pulumi's runner of plugins loads CommonJS, and always
// registers ts-node, which cannot load this project's modules.
// @see docs/decisions/0044-the-components-as-a-package.md
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const log = require("@pulumi/pulumi/log");
const { main } = require("@pulumi/pulumi/provider");

const root = join(__dirname, "..");
const provider = { source: "plugin/provider.ts", cache: "node_modules/.cache/plugin" };

// As a text, since the options of a program's tsconfig.json may turn import() into require(), which loads no ES module.
const load = new Function("url", "return import(url)");
const loadOurs = (path) => load(pathToFileURL(join(root, path)).href);

module.exports = async () => {
  const { loadProgram } = await loadOurs("bundle/load-program.js");
  const { default: createProvider } = await loadProgram(root, (message) => log.warn(message), provider);
  await main(createProvider(root), process.argv.slice(2));
};
