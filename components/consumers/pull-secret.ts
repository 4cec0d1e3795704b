import { local } from "@pulumi/command";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { awaitServiceAccount, pullSecretMark, serviceAccountCommands } from "../../hosts/cluster/service-account.ts";
import { dockerConfig, dockerConfigType } from "../../render/pull-secret.ts";
import type * as settings from "../../settings/consumers/pull-secrets.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials } from "../account-credentials.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedObject } from "../owned-object.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { isCreatedWithRegistry, requiredNamespace } from "../required-namespace.ts";

export interface PullSecretArgs {
  pullSecret: settings.PullSecret;
  cluster: KubernetesCluster;
  endpoint: RegistryEndpoint;
  /** The stack that owns the Secret. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Whether the registry creates the namespace. @default false: it must exist */
  createdHere?: boolean;
}

/** A Secret that pods of one namespace pull with. Optionally it is also added to the default ServiceAccount. */
export class PullSecret extends pulumi.ComponentResource {
  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:PullSecret", name, {}, opts);
    const { pullSecret, cluster, endpoint } = args;
    const dependsOn = endpoint.served;
    const owned = { ...args, kind: "Secret", object: pullSecret.name, another: "another name in pullSecrets" };
    const namespace = ownedObject(
      name,
      { ...owned, namespace: this.requireNamespace(args) },
      { parent: this, dependsOn },
    );

    const secret = new Secret(
      `${name}-secret`,
      {
        metadata: { name: pullSecret.name, namespace },
        type: dockerConfigType,
        stringData: login(endpoint, pullSecret.account).apply(dockerConfig),
      },
      { parent: this, provider: cluster.provider, dependsOn },
    );
    if (pullSecret.defaultServiceAccount) this.addToDefaultServiceAccount(name, args, secret);
    this.registerOutputs();
  }

  /**
   * The Secret's namespace. It is read first, so that a missing namespace is an error, unless the registry creates it.
   */
  private requireNamespace({ pullSecret: { namespace, name }, cluster, createdHere = false }: PullSecretArgs) {
    if (createdHere) return pulumi.output(namespace);
    const reading = { parent: this, provider: cluster.provider };
    return requiredNamespace(namespace, `pull secret ${namespace}/${name}`, reading);
  }

  private addToDefaultServiceAccount(name: string, { pullSecret, cluster }: PullSecretArgs, secret: Secret) {
    const { context, kubeconfig = "", deleteUnreachable, uid } = cluster.access;
    const { namespace, name: secretName } = pullSecret;
    const common = { stdin: pulumi.secret(kubeconfig), triggers: [uid], addPreviousOutputInEnv: false };
    const target = uid.apply((cluster) => ({ context, cluster, namespace, deleteUnreachable }));

    const awaited = new local.Command(
      `${name}-service-account-awaited`,
      { ...common, create: target.apply(awaitServiceAccount) },
      { parent: this, dependsOn: secret },
    );
    // The id is unknown until the command above has waited for the account once. Later previews read the account, and
    // so notice when somebody removed the Secret from it.
    const account = ServiceAccount.get(
      `${name}-service-account-now`,
      awaited.stdout.apply(() => `${namespace}/default`),
      { parent: this, provider: cluster.provider },
    );
    const commands = pulumi
      .all([target, account.metadata, account.imagePullSecrets])
      .apply(([target, metadata, imagePullSecrets]) =>
        serviceAccountCommands(secretName, pullSecretMark(secretName, { metadata, imagePullSecrets }), target),
      );
    new local.Command(
      `${name}-service-account`,
      { ...common, create: commands.create, delete: commands.delete },
      { parent: this, dependsOn: secret },
    );
  }
}

/** Creates the pull secrets that the stack file lists. */
export function createPullSecrets(
  { pullSecrets, variant, takeOverFrom }: Settings,
  rest: Pick<PullSecretArgs, "cluster" | "endpoint" | "owner">,
): void {
  for (const pullSecret of pullSecrets) {
    const { namespace, name } = pullSecret;
    const createdHere = isCreatedWithRegistry(namespace, variant);
    new PullSecret(`pull-secret-${namespace}/${name}`, { ...rest, takeOverFrom, pullSecret, createdHere });
  }
}

/** An account's credentials, for every host that names this registry in image references. */
function login(endpoint: RegistryEndpoint, account: string | undefined) {
  return pulumi
    .all([endpoint.host, accountCredentials(endpoint, account)])
    .apply(([host, credentials]) => ({ hosts: [host, ...endpoint.aliases], ...credentials }));
}
