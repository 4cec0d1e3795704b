import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import type { Manifest } from "../contents/contents.ts";
import { imageName, withoutHost } from "../contents/image-name.ts";
import { readImage } from "../contents/read-contents.ts";
import { clusterImages } from "../deletion/cluster.ts";
import type { RunningImage } from "../deletion/pods.ts";
import { type LiveStack, liveStack } from "../live-stack.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { openRegistry } from "../registry-api/open-registry.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";
import { inspection } from "./inspect/inspection.ts";
import { inspectionText } from "./inspect/inspection-text.ts";
import { podsThatRun } from "./inspect/pods.ts";

/** `registry inspect`: shows everything that the registry stores about one image. */
export const inspect = defineCommand({
  meta: {
    name: "inspect",
    description: "Show an image: platforms, config, layers, signatures, SBOMs, and the pods that run it",
    details: [
      "Read through the registry's API, for every variant. Referrers are found by the referrers API, by the tag",
      "sha256-HEX, and by cosign's tags sha256-HEX.sig, .att and .sbom. --json has the whole config. A stack with",
      "a Kubernetes cluster has it asked which pods and CronJobs run the image. docs/storage.md",
    ],
    examples: ["inspect team-a/app:1.4", "inspect team-a/app@sha256:… --json"],
  },
  args: {
    ...commonArgs,
    image: { type: "positional", required: true, description: "REPOSITORY[:TAG][@DIGEST], as in team-a/app:1.4" },
    pods: { type: "boolean", default: true, description: "Ask the cluster", negativeDescription: "Ask no cluster" },
  },
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const {
      repository,
      tag = "latest",
      digest,
    } = imageName(withoutHost(args.image, stack.settings.containerRegistry.host)) ?? {};
    if (repository === undefined)
      throw new UsageError(`${JSON.stringify(args.image)} names no image; REPOSITORY:TAG, as in team-a/app:1.4`);
    using api = await openRegistry(stack);
    const read = await readImage(api, repository, digest ?? tag);
    if (read === undefined)
      throw new OperationError(`${api.url} has no ${args.image}; what it has: registry images ${repository}`);
    const configs = await configsOf(api, repository, [...read.repository.manifests.values()]);
    const running = args.pods ? await runningIn(stack) : undefined;
    const asked = digest === undefined ? tag : undefined;
    const pods = running && podsThatRun(running, read.repository, read.manifest, asked);
    const result = { ...inspection(read.repository, read.manifest, configs), ...(pods && { pods }) };
    print(args, result, inspectionText(result));
  },
});

/** The image is worth printing also where the cluster cannot be asked. */
async function runningIn(stack: LiveStack): Promise<RunningImage[] | undefined> {
  try {
    return await clusterImages(stack);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    console.error(error.message);
    return undefined;
  }
}

async function configsOf(api: RegistryApi, repository: string, manifests: readonly Manifest[]) {
  const images = manifests.filter(({ kind }) => kind === "image");
  const read = images.map(async ({ digest, config }) => {
    const text = config && (await api.blob(repository, config.digest));
    return [digest, text === undefined ? undefined : (JSON.parse(text) as unknown)] as const;
  });
  return new Map(await Promise.all(read));
}
