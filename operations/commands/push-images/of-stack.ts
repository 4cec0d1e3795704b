import type { BaseImages } from "../../../render/base-images.ts";
import { ciLogin } from "../../ci-login.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import type { DockerLogin } from "./docker.ts";

/** The stack's `pipelineConfig.baseImages`: the images that builds start from. Throws if the stack has none. */
export function wantedImages({ name, settings }: Pick<LiveStack, "name" | "settings">): BaseImages {
  const images = settings.pipelineConfig?.baseImages;
  if (images) return images;
  throw new OperationError(
    `stack ${name} names no images that builds start from; set pipelineConfig.baseImages, as in { prefix: whanos, languages: [c, java] }`,
  );
}

/** The login with which base images are pushed: CI's own, which may push to the registry anyway. */
export function loginOf(
  settings: LiveStack["settings"],
  outputs: Pick<StackOutputs, "registryHost" | "accounts">,
): DockerLogin {
  const login = ciLogin(settings, outputs);
  if (login === undefined)
    throw new OperationError(
      "the stack has no credentials to push with; set containerRegistry.account to a name of accounts, then pulumi up",
    );
  return { host: outputs.registryHost, ...login };
}
