import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

/** What consumers are made from; each component takes of it what it needs. */
export type ConsumerArgs = {
  settings: Settings;
  secrets: Secrets;
  endpoint: RegistryEndpoint;
  /** Whose the credentials are that several stacks can reach. */
  owner: pulumi.Input<Owner>;
  /** Where the stack works in one. */
  cluster?: KubernetesCluster;
};

/** What a stack gives out for consumers that fetch it themselves. */
export type ConsumerOutputs = {
  /** A fragment of Jenkins' configuration as code, with `jenkins.via: casc`. */
  jenkinsCasc?: string;
};
