const { PolicyPack } = require("@pulumi/policy");
// Pulumi compiles a pack by ts-node, whatever PulumiPolicy.yaml says, and ts-node cannot load this project's modules.
const tsx = require("tsx/cjs/api");

const { policies } = tsx.require("./policies.ts", __filename);

new PolicyPack("container-registry", {
  enforcementLevel: "mandatory",
  policies: policies.map(({ name, description, violations }) => ({
    name,
    description,
    validateResource: (resource, report) => {
      for (const violation of violations(resource)) report(violation);
    },
  })),
});
