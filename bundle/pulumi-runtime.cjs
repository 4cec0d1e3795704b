// Replaces the SDK's runtime/index.js in the bundle: the same exports from the same modules, but what serializes functions is
// loaded at its first use.
module.exports = {
  __esModule: true,
  get serializeFunctionAsync() {
    return require("@pulumi/pulumi/runtime/closure/serializeClosure").serializeFunctionAsync;
  },
  get serializeFunction() {
    return require("@pulumi/pulumi/runtime/closure/serializeClosure").serializeFunction;
  },
  get computeCodePaths() {
    return require("@pulumi/pulumi/runtime/closure/codePaths").computeCodePaths;
  },
  setMocks: require("@pulumi/pulumi/runtime/mocks").setMocks,
  ...require("@pulumi/pulumi/runtime/config"),
  ...require("@pulumi/pulumi/runtime/invoke"),
  ...require("@pulumi/pulumi/runtime/resource"),
  ...require("@pulumi/pulumi/runtime/rpc"),
  ...require("@pulumi/pulumi/runtime/settings"),
  ...require("@pulumi/pulumi/runtime/stack"),
};
