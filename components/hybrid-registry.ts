import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { addressOf, subnetsOf } from "../hosts/hybrid-registry/hybrid-containers.ts";
import { type Docker, type KindNode, kindNodes, runDocker } from "../hosts/node-trust/kind-nodes.ts";
import { proxyPort } from "../render/hybrid-registry/containers.ts";
import type { Account } from "../settings/accounts.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { Owner } from "../settings/owner.ts";
import { ProgramError } from "../settings/program-error.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { HybridVariant } from "../settings/variant-hybrid.ts";
import { derivedSecret } from "./derived-secret.ts";
import { hybridContainers } from "./hybrid-registry/containers.ts";
import { HybridInCluster } from "./hybrid-registry/in-cluster.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { type GivenPasswords, RegistryAccounts } from "./registry-accounts.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";

export interface HybridRegistryArgs {
  variant: HybridVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** Passwords that the stack gives, by account. @default generated */
  passwords?: GivenPasswords;
  /** Which password each account has. @default the first */
  rotations?: Rotations;
  /** The kind cluster beside it. */
  cluster: KubernetesCluster;
  /** Whose the containers are, the registry in the cluster's namespace, and the unit on its control plane. */
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** What asks Docker how things are. @default the machine's own */
  docker?: Docker;
}

/** A registry in this machine's Docker, which outlives the kind cluster that pulls from it. */
export class HybridRegistry extends pulumi.ComponentResource {
  /** What to trust, and who may push. */
  readonly endpoint: RegistryEndpoint;
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;

  constructor(name: string, args: HybridRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridRegistry", name, {}, opts);
    const { variant, containerRegistry, accounts, passwords, rotations, cluster, docker = runDocker } = args;
    const { owner, takeOverFrom } = args;
    const { host } = containerRegistry;

    const { result: key } = new random.RandomPassword(
      `${name}-secret`,
      { length: 43, special: false },
      { parent: this },
    );
    const { credentials } = new RegistryAccounts(
      `${name}-accounts`,
      { names: accounts.map((account) => account.name), tokenKey: key, passwords, rotations },
      { parent: this },
    );
    const secrets = pulumi
      .all([credentials, key])
      .apply(([accounts, key]) => ({ accounts, httpSecret: derivedSecret(key, "uploads") }));
    const containers = hybridContainers(
      `${name}-containers`,
      { variant, containerRegistry, accounts, secrets, owner, docker },
      { parent: this },
    );
    // Asked each time: what the command said last may be long past.
    const address = containers.stdout.apply(() => proxyAddress(variant, docker));
    const { service } = new HybridInCluster(
      `${name}-in-cluster`,
      {
        ...{ variant, cluster, owner, takeOverFrom, address, host },
        subnets: asked(() => subnetsOf(variant.network, docker)),
        controlPlane: controlPlane(variant, docker),
      },
      { parent: this },
    );

    this.summary = containers.stdout;
    this.endpoint = {
      ...addresses(host, variant),
      ca: pulumi.output(""),
      accounts: credentials.apply((all) => Object.fromEntries(all.map(({ name, password }) => [name, password]))),
      served: [containers, service],
    };
    const { served: _, ...outputs } = this.endpoint;
    this.registerOutputs({ ...outputs, summary: this.summary });
  }
}

/** To the machine it is its loopback, to nodes and pods a container; images may be named by either. */
function addresses(host: string, { containerName }: HybridVariant) {
  const inNetwork = `${containerName}:${proxyPort}`;
  return {
    host: pulumi.output(host),
    url: pulumi.output(`http://${host}`),
    aliases: [`localhost:${proxyPort}`, inNetwork].filter((alias) => alias !== host),
    // The dot keeps the nodes' resolvers from trying search domains, where a wildcard may lead to a foreign machine.
    nodeUrls: pulumi.output([`http://${containerName}.:${proxyPort}`]),
  };
}

/** As kind names it, in a cluster of several the first. */
function controlPlane({ clusterName }: HybridVariant, docker: Docker): KindNode {
  const name = `${clusterName}-control-plane`;
  const node = kindNodes(clusterName, docker).find((each) => each.name === name);
  if (node === undefined)
    throw new ProgramError(`kind cluster ${clusterName} has no node ${name}; see: kind get nodes`);
  return node;
}

function proxyAddress({ containerName, network }: HybridVariant, docker: Docker): string {
  return asked(() => addressOf({ name: containerName, network }, docker));
}

/** Docker's answer; what Docker refuses ends the program with that message alone. */
function asked<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    throw new ProgramError(error instanceof Error ? error.message : String(error));
  }
}
