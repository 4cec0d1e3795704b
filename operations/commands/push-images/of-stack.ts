import type { BaseImages } from "../../../render/base-images.ts";
import { ciLogin } from "../../ci-login.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import type { DockerLogin } from "./docker.ts";

/** The images that a stack has builds start from. */
export function wantedImages({ name, settings }: Pick<LiveStack, "name" | "settings">): BaseImages {
  const images = settings.pipelineConfig?.baseImages;
  if (images) return images;
  throw new OperationError(
    `stack ${name} names no images that builds start from; set pipelineConfig.baseImages, as in { prefix: whanos, languages: [c, java] }`,
  );
}

/** CI's own credentials: whoever pushes there later may push these. */
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
