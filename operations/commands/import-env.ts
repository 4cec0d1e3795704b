import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { defineCommand } from "citty";
import { Namespace } from "../../settings/formats/kubernetes-name.ts";
import { commonArgs, givenPath } from "../common-args.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { writeNew } from "../write-new.ts";
import { stackFileText } from "./import-env/stack-file-text.ts";
import { stackOfEnv } from "./import-env/stack-of-env.ts";
import { type VariantKind, variantKinds } from "./import-env/variants.ts";

/** `registry import-env`: turns a `.env` file, with which a cluster was configured before, into a stack file. */
export const importEnv = defineCommand({
  meta: {
    name: "import-env",
    description: "Turn an .env file of CONTAINER_REGISTRY_* and MAVEN_REGISTRY_* into a stack file",
    details: [
      "Reads the file and checks what it says as `pulumi up` would; every problem comes at once, by line.",
      "The stack file lists at its top which secrets are to be set, and names no value of one.",
      "It never writes over a file. No stack is needed, and none is touched.",
    ],
    examples: [
      "import-env cluster.env                                     # look at it",
      "import-env cluster.env --out Pulumi.org.yaml --stack org   # keep it",
      "import-env cluster.env --variant cluster --namespace jenkins",
      "import-env - < cluster.env",
    ],
  },
  args: {
    file: { type: "positional", required: true, description: "The .env file; - is standard input" },
    out: { type: "string", valueHint: "FILE", description: "Where the stack file goes. Standard output unless given" },
    variant: {
      type: "enum",
      options: [...variantKinds],
      default: "existing",
      description: "Who runs the registry: the file does not say",
    },
    namespace: { type: "string", valueHint: "NAME", description: "Where pipelines run, for their ConfigMap" },
    "ignore-others": { type: "boolean", description: "Pass over variables that say nothing of a registry" },
    ...commonArgs,
  },
  run: async ({ args }) => {
    const { file, namespace, out } = args;
    if (namespace !== undefined && !Namespace.safeParse(namespace).success)
      throw new UsageError(`--namespace is no Kubernetes name: ${JSON.stringify(namespace)}`);
    const variant = args.variant as VariantKind;
    const stack = args.stack ?? stackNameIn(out) ?? "NAME";
    if (!/^[\w./-]+$/.test(stack)) throw new UsageError(`--stack is no stack's name: ${JSON.stringify(stack)}`);
    const imported = stackOfEnv(file, await contents(file), {
      variant,
      namespace,
      ignoreOthers: args["ignore-others"],
    });
    const text = stackFileText(imported, { file, stack, variant });
    if (out !== undefined) await writeNew(out, text);
    const said = out === undefined ? text.trimEnd() : `wrote ${out}; its first lines say what is left to do`;
    print(args, { ...imported, stack, ...(out !== undefined && { out }) }, said);
  },
});

function stackNameIn(out: string | undefined): string | undefined {
  return /(?:^|\/)Pulumi\.([A-Za-z0-9._-]+)\.yaml$/.exec(out ?? "")?.[1];
}

async function contents(file: string): Promise<string> {
  if (file === "-") return textOf(process.stdin);
  try {
    return await readFile(givenPath(file), "utf8");
  } catch (error) {
    throw new OperationError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
