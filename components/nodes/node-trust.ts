import * as pulumi from "@pulumi/pulumi";
import { applyBundle, commandNameOf } from "../../hosts/apply/apply-bundle.ts";
import {
  nodeTrustBundle,
  nodeTrustSecretEntries,
  type TrustedRegistry,
  type TrustingNode,
} from "../../hosts/node-trust/node-trust.ts";
import type { Owner } from "../../settings/owner.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

export interface NodeTrustArgs {
  /** The machine, and the runtime on it that pulls. */
  node: TrustingNode;
  /** Whose the trust is, on machines where several stacks may have theirs. */
  owner: pulumi.Input<Owner>;
  /** What to trust; every variant ends in one. */
  endpoint: RegistryEndpoint;
  /** What `verify: pull` pulls. */
  probeImage: pulumi.Input<string>;
  /** Whose credentials the runtime's own configuration is to hold. @default nobody's */
  credentials?: pulumi.Input<{ username: string; password: string }>;
  /** OpenSSH or PEM text. Needed by an SSH connection without an agent. */
  sshPrivateKey?: pulumi.Input<string>;
  /** Whose restart must be over before this node may restart. @default nobody's */
  after?: NodeTrust;
  /** What is to happen when the node cannot be made to trust. */
  hooks?: pulumi.ResourceHookBinding;
}

/** Makes one node trust the registry, in its runtime's own files. */
export class NodeTrust extends pulumi.ComponentResource {
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;
  /** What the resource is called that does it. */
  readonly commandName: string;
  private readonly command: pulumi.Resource;

  constructor(name: string, args: NodeTrustArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:nodes:NodeTrust", name, {}, opts);
    const { node, owner, endpoint, probeImage, credentials, sshPrivateKey, after, hooks } = args;

    const { host, aliases, url, nodeUrls, ca } = endpoint;
    const registry: pulumi.Output<TrustedRegistry> = pulumi.output({ host, aliases, url, nodeUrls, ca, probeImage });
    // With another runtime it is another resource, too: the old runtime's own script takes the old trust away.
    const applyName = `${name}-${node.runtime}-apply`;
    const apply = applyBundle(
      applyName,
      {
        formerName: `${name}-apply`,
        owner,
        login: { connection: node.connection, sshPrivateKey },
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
