import { hasPlaceholder } from "../formats/host-name.ts";
import { reachesBelow } from "../formats/repository-glob.ts";
import { type Node, runtimesWithRegistriesYaml } from "../nodes.ts";
import type { StackKeys } from "../stack-keys.ts";
import { validatePullingAccount } from "./pulling-account.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the machines in `nodes`, which must trust the registry. */
export function* validateNodes(settings: StackKeys): Iterable<ValidationError> {
  for (const [index, node] of settings.nodes.entries())
    for (const { path, ...rest } of validateNode(node, settings)) yield { path: ["nodes", index, ...path], ...rest };
}

function* validateNode(node: Node, settings: StackKeys): Iterable<ValidationError> {
  const { runtime, connection, account, verify } = node;
  yield* validateHybrid(node, settings);
  yield* validateHostsEntry(node, settings);
  if (connection.kind === "kind-cluster" && runtime !== "containerd")
    yield { path: ["runtime"], input: runtime, message: "kind's nodes run containerd; use runtime: containerd" };

  const ofKeys = [...validateNodeKeys(node)];
  yield* ofKeys;
  if (!ofKeys.some(({ path }) => path[0] === "account"))
    yield* validatePullingAccount(["account"], account, settings, false);

  if (verify === "pull") yield* validatePull(node, settings);
}

/** Rules of a node by itself, whatever the registry is. */
export function* validateNodeKeys({
  runtime,
  account,
  takeOver,
}: Pick<Node, "runtime" | "account" | "takeOver">): Iterable<ValidationError> {
  if (account !== undefined && !runtimesWithRegistriesYaml.includes(runtime))
    yield {
      path: ["account"],
      input: account,
      message: `${runtime} keeps no credentials for pods; remove the line, and use pullSecrets`,
    };
  if (takeOver && !runtimesWithRegistriesYaml.includes(runtime))
    yield {
      path: ["takeOver"],
      input: takeOver,
      message: `only registries.yaml of k3s and rke2 needs it; with ${runtime}, files of the same name are replaced and come back at the end, so remove the line`,
    };
}

/** Rules of nodes with variant hybrid. The nodes of its kind cluster trust the registry without being listed. */
function* validateHybrid({ connection, runtime }: Node, { variant, containerRegistry: { host } }: StackKeys) {
  if (variant.kind !== "hybrid") return;
  if (connection.kind === "kind-cluster" && connection.name === variant.clusterName)
    yield {
      path: ["connection", "name"],
      input: connection.name,
      message: "is variant.clusterName, whose nodes trust the registry without being listed; remove the node",
    };
  // Only on the machine that Pulumi runs on does `localhost` lead to the registry.
  if (runtime === "docker" && connection.kind !== "local")
    yield {
      path: ["runtime"],
      input: runtime,
      message: `on the node, ${host} leads to the node itself, and Docker knows no other address for a registry; remove this entry of nodes`,
    };
}

function* validateHostsEntry({ hostsEntry }: Node, { containerRegistry: { host } }: StackKeys) {
  if (hostsEntry !== undefined && hasPlaceholder(host))
    yield {
      path: ["hostsEntry"],
      input: hostsEntry,
      message: `gives a name its address, and ${host} has its own in it; remove the line`,
    };
}

/**
 * Rules of `verify: pull`. Only variant host pushes an image that the node can pull. Where pulls need credentials, the
 * node needs an account that may pull.
 */
function* validatePull({ account, verify }: Node, { variant, containerRegistry, accounts }: StackKeys) {
  const path = ["verify"];
  if (variant.kind !== "host") {
    yield {
      path,
      input: verify,
      message: "the node would pull a test image, which only a registry of variant host contains; use verify: ping",
    };
    return;
  }
  const { requiresAuthForPull, pathPrefix } = containerRegistry;
  if (!requiresAuthForPull) return;
  const puller = accounts.find(({ name }) => name === account);
  if (puller === undefined)
    yield {
      path,
      input: verify,
      message:
        "pulls need credentials here, and this node keeps none; use verify: ping, or, with k3s and rke2, account",
    };
  else if (![...puller.push, ...puller.pull].some((glob) => reachesBelow(glob, pathPrefix)))
    yield {
      path: ["account"],
      input: account,
      message: `may pull nothing where images go, and verify is pull; give it pull: ["${pathPrefix === "" ? "**" : `${pathPrefix}/**`}"], or use verify: ping`,
    };
}
