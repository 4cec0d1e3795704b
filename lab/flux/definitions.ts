import type { Kubectl } from "../cluster/kubectl.ts";
import { installGenerated, removeGenerated } from "../go/generated-definitions.ts";

const flux = {
  name: "flux",
  module: "github.com/fluxcd/image-reflector-controller/api",
  group: "image.toolkit.fluxcd.io",
  kinds: ["imagerepositories", "imagepolicies"],
};

/** Versions of the image-reflector-controller: 0.35.2 serves v1beta1 and v1beta2, 1.2.5 serves only v1. */
export type FluxVersion = "0.35.2" | "1.2.5";

/** Installs Flux' CustomResourceDefinitions of image repositories and policies, and waits until they are established. */
export function installDefinitions(kubectl: Kubectl, version: FluxVersion = "0.35.2"): Promise<void> {
  return installGenerated(kubectl, { ...flux, version });
}

/** Deletes the definitions, which also deletes all image repositories and policies. */
export function removeDefinitions(kubectl: Kubectl): Promise<void> {
  return removeGenerated(kubectl, flux);
}
