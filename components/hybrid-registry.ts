import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { addressOf, subnetsOf } from "../hosts/hybrid-registry/hybrid-containers.ts";
import { type Docker, type KindNode, kindNodes, runDocker } from "../hosts/node-trust/kind-nodes.ts";
import { proxyPort } from "../render/hybrid-registry/containers.ts";
import type { Account } from "../settings/accounts.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { ProgramError } from "../settings/errors/program-error.ts";
import type { Owner } from "../settings/owner.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { HybridVariant } from "../settings/variants/hybrid.ts";
import { derivedSecret } from "./derived-secret.ts";
import { createHybridContainers } from "./hybrid-registry/containers.ts";
import { HybridInCluster } from "./hybrid-registry/in-cluster.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { policyInputs } from "./policy-inputs.ts";
import { type GivenPasswords, type HtpasswdHashes, RegistryAccounts } from "./registry-accounts.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";

export interface HybridRegistryArgs {
  variant: HybridVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  /** Passwords from the stack file, by account. @default generated */
  passwords?: GivenPasswords;
  /** Hashes of an htpasswd file, by account, whose passwords work beside the accounts' own. @default none */
  htpasswd?: HtpasswdHashes;
  /** The rotation state of each account. @default the first password */
  rotations?: Rotations;
  /** The kind cluster that pulls from the registry. */
  cluster: KubernetesCluster;
  /** The stack that owns the containers, the registry's namespace, and the systemd unit on the control plane. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Lists Docker's containers and networks. @default by this machine's docker command */
  docker?: Docker;
}

/** A registry in this machine's Docker. It stays when the kind cluster that pulls from it is deleted. */
export class HybridRegistry extends pulumi.ComponentResource {
  /** Where the registry is, what to trust, and the accounts. */
  readonly endpoint: RegistryEndpoint;
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;

  constructor(name: string, args: HybridRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridRegistry", name, policyInputs(args), opts);
    const {
      variant,
      containerRegistry,
      accounts,
      immutableTags,
      passwords,
      htpasswd,
      rotations,
      cluster,
      docker = runDocker,
    } = args;
    const { owner, takeOverFrom } = args;
    const { host } = containerRegistry;

    const { result: key } = new random.RandomPassword(
      `${name}-secret`,
      { length: 43, special: false },
      { parent: this },
    );
    const { credentials } = new RegistryAccounts(
      `${name}-accounts`,
      { names: accounts.map((account) => account.name), tokenKey: key, passwords, htpasswd, rotations },
      { parent: this },
    );
    const secrets = pulumi
      .all([credentials, key])
      .apply(([accounts, key]) => ({ accounts, httpSecret: derivedSecret(key, "uploads") }));
    const containers = createHybridContainers(
      `${name}-containers`,
      { variant, containerRegistry, accounts, immutableTags, secrets, owner, docker },
      { parent: this },
    );
    // The address is looked up in every run, since Docker may have given the container another one since the last run.
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

/** This machine reaches the registry on its loopback address, nodes and pods by the container's name. */
function addresses(host: string, { containerName }: HybridVariant) {
  const inNetwork = `${containerName}:${proxyPort}`;
  return {
    host: pulumi.output(host),
    url: pulumi.output(`http://${host}`),
    aliases: [`localhost:${proxyPort}`, inNetwork].filter((alias) => alias !== host),
    // The final dot keeps the nodes' resolvers from trying search domains, whose wildcard records may name other
    // machines.
    nodeUrls: pulumi.output([`http://${containerName}.:${proxyPort}`]),
  };
}

/** The first control-plane node, by the name that kind gives it. */
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

/** Turns an error of Docker into a ProgramError, which Pulumi prints without a stack trace. */
function asked<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    throw new ProgramError(error instanceof Error ? error.message : String(error));
  }
}
