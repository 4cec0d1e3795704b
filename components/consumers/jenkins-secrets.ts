import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { filled, type PlannedCredential, sourcesOf } from "../../jenkins/planned-credentials.ts";
import { jenkinsSecretMetadata } from "../../render/jenkins-secret.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedObject } from "../owned-object.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { requiredNamespace } from "../required-namespace.ts";
import { type CredentialSources, credentialSources } from "./credential-sources.ts";

export interface JenkinsSecretsArgs {
  /** The namespace that Jenkins reads Secrets from. */
  namespace: string;
  /** Whether the registry creates the namespace. @default false: it must exist */
  createdHere?: boolean;
  /** The entries that Jenkins is to have. */
  planned: PlannedCredential[];
  settings: Settings;
  secrets: Secrets;
  cluster: KubernetesCluster;
  endpoint: RegistryEndpoint;
  /** The stack that owns the Secrets. */
  owner: pulumi.Input<Owner>;
}

/** Jenkins' credentials, each as a labelled Secret, for its plugin kubernetes-credentials-provider. */
export class JenkinsSecrets extends pulumi.ComponentResource {
  constructor(name: string, args: JenkinsSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:JenkinsSecrets", name, {}, opts);
    const { planned, cluster, endpoint, owner } = args;
    const { takeOverFrom } = args.settings;
    const reading = { parent: this, provider: cluster.provider };
    const existing = args.createdHere ? args.namespace : requiredNamespace(args.namespace, "Jenkins", reading);
    const sources = credentialSources(sourcesOf(planned), args);
    const dependsOn = endpoint.served;
    const options = { parent: this, provider: cluster.provider, dependsOn };

    for (const credential of planned) {
      const { id, kind, description } = credential;
      const object = { kind: "Secret", object: id, namespace: existing, another: "another id" };
      const owned = { ...object, cluster, owner, takeOverFrom };
      const namespace = ownedObject(`${name}-${id}`, owned, { parent: this, dependsOn });
      new Secret(
        `${name}-${id}`,
        {
          metadata: { name: id, namespace, ...jenkinsSecretMetadata(kind, description) },
          stringData: pulumi.secret(secretData(credential, sources)),
          type: "Opaque",
        },
        options,
      );
    }
    this.registerOutputs();
  }
}

function secretData(credential: PlannedCredential, sources: CredentialSources) {
  return pulumi.output(sources).apply((known): Record<string, string> => {
    const [entry] = filled([credential], known);
    if (entry?.kind === "username-password") return { username: entry.username, password: entry.password };
    return { text: entry?.secret ?? "" };
  });
}
