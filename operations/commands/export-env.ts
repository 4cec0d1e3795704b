import { defineCommand } from "citty";
import { envFile } from "../../render/env-file.ts";
import { pipelineVariables } from "../../render/pipeline-config.ts";
import { hasPlaceholder } from "../../settings/formats/host-name.ts";
import { commonArgs } from "../common-args.ts";
import { liveStack, stackOutputs } from "../live-stack.ts";
import { print } from "../print.ts";

/** `registry export-env`: prints a stack's settings as the environment variables that pipelines load. */
export const exportEnv = defineCommand({
  meta: {
    name: "export-env",
    description: "Print a stack's CONTAINER_REGISTRY_* and MAVEN_REGISTRY_* variables as an .env file",
    details: ["The same variables as in the ConfigMap of `pipelineConfig`. None of them is a secret."],
    examples: ["export-env --stack org > cluster.env", "export-env --stack org --json"],
  },
  args: commonArgs,
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const { containerRegistry } = stack.settings;
    const host = hasPlaceholder(containerRegistry.host)
      ? (await stackOutputs(stack)).registryHost
      : containerRegistry.host;
    const variables = pipelineVariables({ ...stack.settings, containerRegistry: { ...containerRegistry, host } });
    print(args, variables, envFile(variables).trimEnd());
  },
});
