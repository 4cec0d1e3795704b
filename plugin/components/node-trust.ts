import { z } from "zod";
import { accountCredentials } from "../../components/account-credentials.ts";
import { NodeTrust } from "../../components/nodes/node-trust.ts";
import { Connection } from "../../settings/connection.ts";
import { parseWithProblems } from "../../settings/errors/zod-problems.ts";
import { Node, runtimesWithRegistriesYaml } from "../../settings/nodes.ts";
import { TakeOverFrom } from "../../settings/owner.ts";
import { validateNodeKeys } from "../../settings/validation/nodes.ts";
import type { PackageComponent } from "../component.ts";
import { withRules } from "../inputs/rules.ts";
import { inInputs } from "../inputs/ways-out.ts";
import { restartOrder } from "../restart-order.ts";

const Inputs = z.strictObject({
  node: Node.extend({
    connection: Connection,
    verify: z
      .enum(["ping", "none"])
      .default("ping")
      .describe("How to prove that the node trusts the registry: ask it, not at all"),
  }),
  takeOverFrom: TakeOverFrom,
});

const Checked = withRules(Inputs, function* ({ node }) {
  for (const { path, ...rest } of validateNodeKeys(node)) yield { path: ["node", ...path], ...rest };
});

export const nodeTrust: PackageComponent<z.output<typeof Inputs>> = {
  name: "NodeTrust",
  description: "Makes one machine that pulls images trust a registry, in the own files of its container runtime",
  settings: Inputs,
  secrets: ["sshPrivateKey"],
  hasEndpoint: true,
  outputs: { summary: z.string().describe("What the last run changed, as JSON") },
  check(given, { sshPrivateKey }) {
    const { value: checked, problems } = parseWithProblems(Checked, given);
    const needsKey = checked?.node.connection.kind === "ssh" && !checked.node.connection.agent;
    if (!needsKey || sshPrivateKey !== undefined) return { checked, problems };
    const message = `missing, and node.connection logs in with it: ${inInputs.setFile("sshPrivateKey")}; or use your SSH agent, with node.connection.agent: true`;
    return { checked, problems: [...problems, { path: "sshPrivateKey", message }] };
  },
  async create({ name, checked: { node }, secrets: { sshPrivateKey }, endpoint, owner, parent }) {
    const { account, name: machine, ...rest } = node;
    const restarts = node.restart && runtimesWithRegistriesYaml.includes(node.runtime);
    const trust = new NodeTrust(
      name,
      {
        node: { ...rest, machine },
        owner,
        endpoint,
        // Only `verify: pull` pulls it.
        probeImage: "",
        credentials: account === undefined ? undefined : accountCredentials(endpoint, account),
        sshPrivateKey,
        after: restarts ? restartOrder.last() : undefined,
      },
      { parent },
    );
    if (restarts) restartOrder.add(trust);
    return { summary: trust.summary };
  },
};
