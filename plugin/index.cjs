// What Pulumi runs to serve the package: provider.ts, by way of bundle/. Its runner of plugins loads CommonJS alone, and always
// registers ts-node, which cannot load this project's modules.
// @see docs/decisions/0044-the-components-as-a-package.md
const { join } = require("node:path");
const log = require("@pulumi/pulumi/log");
const { main } = require("@pulumi/pulumi/provider");

const root = join(__dirname, "..");

module.exports = async () => {
  const { loadProgram } = await import("../bundle/load-program.js");
  const { packageProvider } = await import("../bundle/fresh-bundle.js");
  const { default: createProvider } = await loadProgram(root, (message) => log.warn(message), packageProvider);
  await main(createProvider(root), process.argv.slice(2));
};
