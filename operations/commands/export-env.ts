import { defineCommand } from "citty";
import { envFile } from "../../render/env-file.ts";
import { jenkinsCascEnvironment } from "../../render/jenkins-casc.ts";
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
    details: [
      "The same variables as in the ConfigMap of `pipelineConfig`. None of them is a secret. With --casc as a file for",
      "Jenkins' plugin configuration-as-code, which makes them global environment variables: docs/pipelines.md",
    ],
    examples: ["export-env --stack org > cluster.env", "export-env --stack org --json", "export-env --casc"],
  },
  args: {
    ...commonArgs,
    casc: { type: "boolean", description: "Print Jenkins' configuration as code instead of an .env file" },
  },
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const { containerRegistry } = stack.settings;
    const host = hasPlaceholder(containerRegistry.host)
      ? (await stackOutputs(stack)).registryHost
      : containerRegistry.host;
    const variables = pipelineVariables({ ...stack.settings, containerRegistry: { ...containerRegistry, host } });
    const text = args.casc ? jenkinsCascEnvironment(variables) : envFile(variables);
    print(args, variables, text.trimEnd());
  },
});
