import { stringify } from "yaml";
import type { ImportedStack } from "./stack-of-env.ts";
import { type VariantKind, variantNextStep } from "./variants.ts";

export type StackFileOptions = {
  /** Where it came from, as it was given. */
  file: string;
  stack: string;
  variant: VariantKind;
};

/** A stack file's text, which says at its top what is left to do. */
export function stackFileText({ keys, secrets }: ImportedStack, { file, stack, variant }: StackFileOptions): string {
  const config = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`container-registry:${key}`, value]));
  const steps = [
    `pulumi stack init ${stack}`,
    ...secrets.map((secret) => `pulumi config set --secret ${secret}   # asks for it`),
    ...("pipelineConfig" in keys || variant === "cluster" ? ["pulumi config set kubernetes:context NAME"] : []),
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
  // Pulumi reads YAML 1.1 numbers and days, too, such as 1_000 and 2027-03-31: texts like these get quotes.
  return `${comment.join("\n")}\n${stringify({ config }, { lineWidth: 0, compat: "yaml-1.1" })}`;
}
