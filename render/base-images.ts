import type { PipelineConfig } from "../settings/consumers/pipeline-config.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { imageReference } from "../settings/formats/image-reference.ts";

export type BaseImages = NonNullable<PipelineConfig["baseImages"]>;

/** The image that builds of one language start from. */
export type BaseImage = {
  language: string;
  /** @example "registry.example.org/p2c/whanos-java:latest" */
  reference: string;
  /** The variable that names it. @example "WHANOS_BASE_IMAGE_JAVA" */
  variable: string;
};

/** The images that builds start from, in the order of the languages. */
export function baseImages(
  address: Pick<ContainerRegistry, "host" | "pathPrefix">,
  { prefix, languages, tag }: BaseImages,
): BaseImage[] {
  return languages.map((language) => ({
    language,
    reference: imageReference(address, `${prefix}-${language}`, tag),
    variable: `${prefix}_BASE_IMAGE_${language}`.toUpperCase(),
  }));
}

/** The variables with the base images' references, by the variables' names. */
export function baseImageVariables(images: readonly BaseImage[]): Record<string, string> {
  return Object.fromEntries(images.map(({ variable, reference }) => [variable, reference]));
}
