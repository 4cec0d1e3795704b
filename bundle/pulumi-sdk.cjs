// Replaces the SDK's index.js in the bundle: the same exports from the same modules, but the Automation API is loaded at its
// first use. Together with pulumi-runtime.cjs this leaves out TypeScript and npm's arborist, 600 files that no program needs.
module.exports = {
  __esModule: true,
  ...require("@pulumi/pulumi/config"),
  ...require("@pulumi/pulumi/errors"),
  ...require("@pulumi/pulumi/metadata"),
  ...require("@pulumi/pulumi/output"),
  ...require("@pulumi/pulumi/resource"),
  ...require("@pulumi/pulumi/stackReference"),
  ...require("@pulumi/pulumi/stash"),
  asset: require("@pulumi/pulumi/asset"),
  get automation() {
    return require("@pulumi/pulumi/automation");
  },
  dynamic: require("@pulumi/pulumi/dynamic"),
  iterable: require("@pulumi/pulumi/iterable"),
  log: require("@pulumi/pulumi/log"),
  provider: require("@pulumi/pulumi/provider"),
  runtime: require("./pulumi-runtime.cjs"),
  utils: require("@pulumi/pulumi/utils"),
  deploymentOnlyModule: true,
};
