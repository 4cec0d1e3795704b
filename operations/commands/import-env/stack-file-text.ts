import { stringify } from "yaml";
import type { ImportedStack } from "./stack-of-env.ts";
import { type VariantKind, variantNextStep } from "./variants.ts";

export type StackFileOptions = {
  /** The path of the `.env` file as the user typed it; the stack file's first comment repeats it. */
  file: string;
  stack: string;
  variant: VariantKind;
};

/** The text of a stack file. The comment at its top lists the commands that are left to run. */
export function stackFileText({ keys, secrets }: ImportedStack, { file, stack, variant }: StackFileOptions): string {
  const config = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`container-registry:${key}`, value]));
  const steps = [
    `pulumi stack init ${stack}`,
    ...secrets.map((secret) => `pulumi config set --secret ${secret}   # asks for it`),
    ...(variant === "cluster" || hasConfigMap(keys) ? ["pulumi config set kubernetes:context NAME"] : []),
    "pulumi preview",
  ];
  const comment = [
    "# yaml-language-server: $schema=docs/stack.schema.json",
    "#",
    // A line break in a file's name would end the comment.
    `# Made from ${JSON.stringify(file)} by registry import-env. What is left to do:`,
    "#",
    ...steps.map((step) => `#   ${step}`),
    "#",
    `# ${variantNextStep[variant]}`,
    "# Every key: docs/stack-file.md",
  ];
  // Pulumi also reads YAML 1.1, where 1_000 is a number and 2027-03-31 a date: `compat` puts such texts in quotes.
  return `${comment.join("\n")}\n${stringify({ config }, { lineWidth: 0, compat: "yaml-1.1" })}`;
}

/** Only a ConfigMap, which needs a namespace, brings the pipelines' variables into a cluster. */
function hasConfigMap({ pipelineConfig }: ImportedStack["keys"]): boolean {
  return typeof pipelineConfig === "object" && pipelineConfig !== null && "namespace" in pipelineConfig;
}
