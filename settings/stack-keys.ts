import { z } from "zod";
import { Account } from "./accounts.ts";
import { Backup } from "./backup.ts";
import { Flux } from "./consumers/flux.ts";
import { Jenkins } from "./consumers/jenkins.ts";
import { PipelineConfig } from "./consumers/pipeline-config.ts";
import { PullSecret } from "./consumers/pull-secrets.ts";
import { ContainerRegistry } from "./container-registry.ts";
import { GarbageCollection } from "./garbage-collection.ts";
import { ImmutableTags } from "./immutable-tags.ts";
import { MavenRegistry } from "./maven-registry.ts";
import { Monitoring } from "./monitoring.ts";
import { NodeDaemonSet } from "./node-daemon-set.ts";
import { Node } from "./nodes.ts";
import { Notify } from "./notify.ts";
import { TakeOverFrom } from "./owner.ts";
import { Retention } from "./retention.ts";
import { RotateEvery, Rotations } from "./rotation.ts";
import { Variant } from "./variants/variant.ts";

/** Every setting that a stack file may have, each with its own rules; `secrets/secrets.ts` lists the secrets. */
export const StackKeys = z.strictObject({
  containerRegistry: ContainerRegistry,
  mavenRegistry: MavenRegistry.optional(),
  variant: Variant,
  accounts: z.array(Account).default([]).describe("Who may push, pull and delete"),
  nodes: z.array(Node).default([]).describe("The machines that must trust the registry"),
  nodeDaemonSet: NodeDaemonSet.optional(),
  jenkins: Jenkins.optional(),
  pipelineConfig: PipelineConfig.optional(),
  pullSecrets: z.array(PullSecret).default([]).describe("Secrets that pods pull with"),
  flux: Flux.optional(),
  immutableTags: ImmutableTags,
  retention: Retention,
  backup: Backup.optional(),
  rotateEvery: RotateEvery,
  rotations: Rotations,
  garbageCollection: GarbageCollection,
  monitoring: Monitoring.optional(),
  notify: Notify.optional(),
  takeOverFrom: TakeOverFrom,
});

export type StackKeys = z.output<typeof StackKeys>;
