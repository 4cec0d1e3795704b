import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { containerProblem } from "../../hosts/hybrid-registry/hybrid-containers.ts";
import {
  type HybridPlan,
  type HybridSecrets,
  hybridApplyScript,
  hybridRemoveScript,
  hybridStandardInput,
} from "../../hosts/hybrid-registry/hybrid-registry.ts";
import type { Docker } from "../../hosts/node-trust/kind-nodes.ts";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { Owner } from "../../settings/owner.ts";
import type { HybridVariant } from "../../settings/variants/hybrid.ts";

export interface HybridContainersArgs {
  variant: HybridVariant;
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  secrets: pulumi.Input<HybridSecrets>;
  /** The stack that owns the containers. */
  owner: pulumi.Input<Owner>;
  docker: Docker;
}

/**
 * Creates both containers by one command on this machine, which runs only when an input changes. Its `stdout` is a JSON
 * summary, `{"changed": [CONTAINER], "removed": [CONTAINER]}`.
 */
export function createHybridContainers(
  name: string,
  { variant, containerRegistry, accounts, immutableTags, secrets, owner, docker }: HybridContainersArgs,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  const plan = { ...hybridPlan(variant, containerRegistry, accounts), immutableTags };
  const flaw = containerProblem({ name: variant.containerName, network: variant.network }, docker);
  return new local.Command(
    name,
    {
      create: hybridApplyScript(plan),
      delete: hybridRemoveScript(plan),
      stdin: pulumi.secret(
        pulumi.all([secrets, owner]).apply(([known, owner]) => hybridStandardInput(plan, known, owner)),
      ),
      // With another name, the old registry's containers are deleted first, since both registries use the same port.
      triggers: [variant.containerName],
      // With a container problem, this value changes and the command runs again. No other input shows such a problem.
      environment: { CONTAINER_REGISTRY_ASKED: flaw ? `${new Date().toISOString()}: ${flaw}` : "" },
      // Pulumi gives each run the standard output of the run before it. From that output the script knows that this stack
      // has created the containers before.
      logging: local.Logging.Stderr,
    },
    { ...opts, deleteBeforeReplace: true, ignoreChanges: flaw ? [] : ["environment"] },
  );
}

function hybridPlan(
  variant: HybridVariant,
  containerRegistry: ContainerRegistry,
  accounts: readonly Account[],
): HybridPlan {
  const { containerName, port, network, storagePath, images, clusterName } = variant;
  const archive = (of: "registry" | "proxy") => {
    const { archive } = images[of];
    return archive === undefined ? undefined : resolve(archive);
  };
  return {
    containers: {
      name: containerName,
      port,
      network,
      storagePath: resolve(storagePath),
      images: { registry: images.registry.reference, proxy: images.proxy.reference },
      stack: `${pulumi.getProject()}/${pulumi.getStack()}`,
    },
    cluster: clusterName,
    archives: { registry: archive("registry"), proxy: archive("proxy") },
    containerRegistry,
    accounts,
  };
}
