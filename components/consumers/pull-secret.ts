import { local } from "@pulumi/command";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { awaitServiceAccount, pullSecretMark, serviceAccountCommands } from "../../hosts/cluster/service-account.ts";
import { dockerConfig, dockerConfigType } from "../../render/pull-secret.ts";
import type { Owner } from "../../settings/owner.ts";
import type * as settings from "../../settings/pull-secrets.ts";
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
  /** Whose the Secret is. */
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Whether the namespace comes with the registry. @default false: it must be there */
  createdHere?: boolean;
}

/** A Secret that pods of one namespace pull with; where asked for, by their default ServiceAccount. */
export class PullSecret extends pulumi.ComponentResource {
  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:PullSecret", name, {}, opts);
    const { pullSecret, cluster, endpoint } = args;
    const dependsOn = endpoint.served;
    const owned = { ...args, kind: "Secret", object: pullSecret.name, another: "another name in pullSecrets" };
    const namespace = ownedObject(name, { ...owned, namespace: this.namespace(args) }, { parent: this, dependsOn });

    const secret = new Secret(
      `${name}-secret`,
      {
        metadata: { name: pullSecret.name, namespace },
        type: dockerConfigType,
        stringData: login(endpoint, pullSecret.account).apply(dockerConfig),
      },
      { parent: this, provider: cluster.provider, dependsOn },
    );
    if (pullSecret.defaultServiceAccount) this.onDefaultServiceAccount(name, args, secret);
    this.registerOutputs();
  }

  /** Somebody else's, mostly: then it is looked for before anything is made in it. */
  private namespace({ pullSecret: { namespace, name }, cluster, createdHere = false }: PullSecretArgs) {
    if (createdHere) return pulumi.output(namespace);
    const reading = { parent: this, provider: cluster.provider };
    return requiredNamespace(namespace, `pull secret ${namespace}/${name}`, reading);
  }

  private onDefaultServiceAccount(name: string, { pullSecret, cluster }: PullSecretArgs, secret: Secret) {
    const { context, kubeconfig = "", deleteUnreachable, uid } = cluster.access;
    const { namespace, name: secretName } = pullSecret;
    const common = { stdin: pulumi.secret(kubeconfig), triggers: [uid], addPreviousOutputInEnv: false };
    const place = uid.apply((cluster) => ({ context, cluster, namespace, deleteUnreachable }));

    const awaited = new local.Command(
      `${name}-service-account-awaited`,
      { ...common, create: place.apply(awaitServiceAccount) },
      { parent: this, dependsOn: secret },
    );
    // No preview knows it before it was waited for; after that each reads it, and sees what somebody took out.
    const account = ServiceAccount.get(
      `${name}-service-account-now`,
      awaited.stdout.apply(() => `${namespace}/default`),
      { parent: this, provider: cluster.provider },
    );
    const commands = pulumi
      .all([place, account.metadata, account.imagePullSecrets])
      .apply(([place, metadata, imagePullSecrets]) =>
        serviceAccountCommands(secretName, pullSecretMark(secretName, { metadata, imagePullSecrets }), place),
      );
    new local.Command(
      `${name}-service-account`,
      { ...common, create: commands.create, delete: commands.delete },
      { parent: this, dependsOn: secret },
    );
  }
}

/** One for each of the stack's. */
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

/** Under every name that images of the registry have. */
function login(endpoint: RegistryEndpoint, account: string | undefined) {
  return pulumi
    .all([endpoint.host, accountCredentials(endpoint, account)])
    .apply(([host, credentials]) => ({ hosts: [host, ...endpoint.aliases], ...credentials }));
}
