import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

/** What every consumer is created from, beside its own settings. */
export type ConsumerArgs = {
  secrets: Secrets;
  endpoint: RegistryEndpoint;
  /** The stack that owns the credentials in Jenkins or a cluster, where other stacks may write too. */
  owner: pulumi.Input<Owner>;
};

/** Stack outputs for consumers that fetch their configuration themselves. */
export type ConsumerOutputs = {
  /** A fragment of Jenkins' configuration as code. Undefined unless the setting `jenkins.via` is `casc`. */
  jenkinsCasc?: string;
};
