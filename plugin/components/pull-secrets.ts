import { z } from "zod";
import { PullSecret } from "../../components/consumers/pull-secret.ts";
import * as settings from "../../settings/consumers/pull-secrets.ts";
import { parseWithProblems } from "../../settings/errors/zod-problems.ts";
import { TakeOverFrom } from "../../settings/owner.ts";
import { repeatedPullSecrets } from "../../settings/validation/consumers.ts";
import type { PackageComponent } from "../component.ts";
import { createCluster, Kubernetes } from "../inputs/kubernetes.ts";
import { withRules } from "../inputs/rules.ts";

const Inputs = z.strictObject({
  pullSecrets: z
    .array(settings.PullSecret.required({ account: true }))
    .min(1, "at least one")
    .describe("Secrets that pods pull with"),
  kubernetes: Kubernetes,
  takeOverFrom: TakeOverFrom,
});

const Checked = withRules(Inputs, repeatedPullSecrets);

export const pullSecrets: PackageComponent<z.output<typeof Inputs>> = {
  name: "PullSecrets",
  description: "Kubernetes Secrets with which the pods of some namespaces pull images; the namespaces have to exist",
  settings: Inputs,
  secrets: [],
  hasEndpoint: true,
  outputs: {},
  check(given) {
    const { value: checked, problems } = parseWithProblems(Checked, given);
    return { checked, problems };
  },
  async create({ name, checked: { pullSecrets, kubernetes, takeOverFrom }, endpoint, owner, parent }) {
    const cluster = createCluster(name, kubernetes, parent);
    for (const pullSecret of pullSecrets) {
      const ofSecret = `${name}-${pullSecret.namespace}/${pullSecret.name}`;
      new PullSecret(ofSecret, { pullSecret, takeOverFrom, cluster, endpoint, owner }, { parent });
    }
    return {};
  },
};
