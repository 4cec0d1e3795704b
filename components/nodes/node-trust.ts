import * as pulumi from "@pulumi/pulumi";
import { applyBundle } from "../../hosts/apply/apply-bundle.ts";
import { commandNameOf } from "../../hosts/apply/command-name.ts";
import {
  nodeTrustBundle,
  nodeTrustSecretEntries,
  type ProbedRegistry,
  type TrustingNode,
} from "../../hosts/node-trust/node-trust.ts";
import type { Owner } from "../../settings/owner.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

export interface NodeTrustArgs {
  /** The machine, and its container runtime. */
  node: TrustingNode;
  /** The stack that owns the trust. Several stacks may have theirs on one machine. */
  owner: pulumi.Input<Owner>;
  /** The registry to trust. */
  endpoint: RegistryEndpoint;
  /** Reference of the image that `verify: pull` pulls. */
  probeImage: pulumi.Input<string>;
  /** Credentials to write into the runtime's configuration. @default none */
  credentials?: pulumi.Input<{ username: string; password: string }>;
  /** OpenSSH or PEM text. Needed by an SSH connection without an agent. */
  sshPrivateKey?: pulumi.Input<string>;
  /** The node that must have restarted before this one restarts. @default none */
  after?: NodeTrust;
  /** What the engine calls when this node fails. */
  hooks?: pulumi.ResourceHookBinding;
}

/** Makes one node trust the registry, in its runtime's own files. */
export class NodeTrust extends pulumi.ComponentResource {
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;
  /** Name of the Pulumi resource of the command that sets up the node, as `pulumi up` prints it. */
  readonly commandName: string;
  private readonly command: pulumi.Resource;

  constructor(name: string, args: NodeTrustArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:nodes:NodeTrust", name, {}, opts);
    const { node, owner, endpoint, probeImage, credentials, sshPrivateKey, after, hooks } = args;

    const { host, aliases, url, nodeUrls, ca } = endpoint;
    const registry: pulumi.Output<ProbedRegistry> = pulumi.output({ host, aliases, url, nodeUrls, ca, probeImage });
    // The resource's name contains the runtime. With another runtime Pulumi deletes the old resource, and its delete
    // script removes the files of the old runtime.
    const applyName = `${name}-${node.runtime}-apply`;
    const apply = applyBundle(
      applyName,
      {
        formerName: `${name}-apply`,
        owner,
        target: { connection: node.connection, sshPrivateKey },
        bundle: registry.apply((known) => nodeTrustBundle(node, known, credentials !== undefined)),
        secretEntries:
          credentials &&
          pulumi.all([registry, credentials]).apply(([known, auth]) => nodeTrustSecretEntries(node, known, auth)),
      },
      { parent: this, dependsOn: [...endpoint.served, ...(after ? [after.command] : [])], hooks },
    );

    this.command = apply;
    this.summary = apply.stdout;
    this.commandName = commandNameOf(applyName, node.connection);
    this.registerOutputs({ summary: this.summary });
  }
}
