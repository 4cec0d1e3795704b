import { defineCommand } from "citty";
import { commonArgs, givenPath } from "../common-args.ts";
import { print } from "../print.ts";

/** `registry push-images`: builds the base images of `pipelineConfig.baseImages`, and pushes them to the registry. */
export const pushImages = defineCommand({
  meta: {
    name: "push-images",
    description: "Build and push the images that builds start from",
    details: [
      "For each language of pipelineConfig.baseImages it builds DIR/LANGUAGE/Dockerfile.base, with that folder as",
      "context, as PREFIX-LANGUAGE:TAG of the registry, and prints the variables that the pipelines' ConfigMap has.",
      "It logs in as containerRegistry.account, in a Docker configuration that goes again with it.",
      "Docker has to be on this machine, and to trust the registry. docs/whanos.md",
    ],
    examples: [
      "push-images images             # images/java/Dockerfile.base and its like",
      "push-images images --no-push   # build them, and see whether the login works",
    ],
  },
  args: {
    ...commonArgs,
    dir: { type: "positional", required: true, description: "Where there is a folder a language, as in images" },
    push: { type: "boolean", default: true, description: "Push them", negativeDescription: "Build and log in alone" },
  },
  run: async ({ args }) => {
    const { liveStack, stackOutputs } = await import("../live-stack.ts");
    const { wantedImages, loginOf } = await import("./push-images/of-stack.ts");
    const { requireDockerfiles } = await import("./push-images/dockerfiles.ts");
    const { buildAndPush } = await import("./push-images/build-and-push.ts");
    const { baseImages, baseImageVariables } = await import("../../render/base-images.ts");

    const stack = await liveStack(args);
    const wanted = wantedImages(stack);
    const folder = givenPath(args.dir);
    await requireDockerfiles(folder, wanted.languages);
    const outputs = await stackOutputs(stack);
    const images = baseImages({ ...stack.settings.containerRegistry, host: outputs.registryHost }, wanted);
    await buildAndPush({ folder, images, login: loginOf(stack.settings, outputs), push: args.push });

    const variables = baseImageVariables(images);
    const lines = Object.entries(variables).map(([name, reference]) => `${name}=${reference}`);
    print(args, { pushed: args.push, variables }, lines.join("\n"));
  },
});
