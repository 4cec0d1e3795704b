import { z } from "zod";
import { Account } from "./accounts.ts";
import { Flux } from "./consumers/flux.ts";
import { Jenkins } from "./consumers/jenkins.ts";
import { PipelineConfig } from "./consumers/pipeline-config.ts";
import { PullSecret } from "./consumers/pull-secrets.ts";
import { ContainerRegistry } from "./container-registry.ts";
import { MavenRegistry } from "./maven-registry.ts";
import { NodeDaemonSet } from "./node-daemon-set.ts";
import { Node } from "./nodes.ts";
import { TakeOverFrom } from "./owner.ts";
import { RotateEvery, Rotations } from "./rotation.ts";
import { validateSettings } from "./validation.ts";
import { Variant } from "./variants/variant.ts";

/** Every setting that a stack file may have; `secrets.ts` lists the secrets. */
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
  rotateEvery: RotateEvery,
  rotations: Rotations,
  takeOverFrom: TakeOverFrom,
});

/** The settings of a stack file: each key is valid by itself, and the rules that concern several keys hold. */
export const Settings = StackKeys.check(({ value, issues }) => {
  // `continue` lets later checks run after a problem, so that one error lists all problems.
  for (const { path, input, message } of validateSettings(value))
    issues.push({ code: "custom", continue: true, path, input, message });
});

export type Settings = z.output<typeof StackKeys>;
