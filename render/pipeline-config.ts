import type { PipelineConfig } from "../settings/consumers/pipeline-config.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { MavenRegistry } from "../settings/maven-registry.ts";
import { baseImages, baseImageVariables } from "./base-images.ts";

/** The settings that pipelines can read. None is secret. */
export type PipelineSettings = {
  containerRegistry: ContainerRegistry;
  mavenRegistry?: MavenRegistry | undefined;
  pipelineConfig?: Pick<PipelineConfig, "baseImages"> | undefined;
};

/** The prefixes of the variables' names. */
export const registryPrefixes = { container: "CONTAINER_REGISTRY", maven: "MAVEN_REGISTRY" } as const;

/** A variable's name after the prefix, by its setting. */
export const registryVariables = {
  host: "HOST",
  pathPrefix: "PATH_PREFIX",
  credentialId: "CREDENTIAL_ID",
  requiresAuthForPush: "REQUIRES_AUTH_FOR_PUSH",
  requiresAuthForPull: "REQUIRES_AUTH_FOR_PULL",
} as const satisfies Partial<Record<keyof ContainerRegistry & keyof MavenRegistry, string>>;

/** The variables that pipelines load from a ConfigMap or an `.env` file, by name. */
export function pipelineVariables({
  containerRegistry,
  mavenRegistry,
  pipelineConfig,
}: PipelineSettings): Record<string, string> {
  const images = pipelineConfig?.baseImages;
  return {
    ...variablesOf(registryPrefixes.container, containerRegistry),
    ...(mavenRegistry && {
      ...variablesOf(registryPrefixes.maven, mavenRegistry),
      [`${registryPrefixes.maven}_URL`]: mavenRegistry.url,
    }),
    ...(images && baseImageVariables(baseImages(containerRegistry, images))),
  };
}

function variablesOf(prefix: string, registry: Pick<ContainerRegistry, keyof typeof registryVariables>) {
  const entries = Object.entries(registryVariables) as [keyof typeof registryVariables, string][];
  return Object.fromEntries(entries.map(([setting, name]) => [`${prefix}_${name}`, String(registry[setting])]));
}
