import { names, storageRoot } from "../../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../../settings/variants/cluster.ts";
import { KubectlError, requireKubectl } from "../../kubectl.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

/** The machine or container that has the files of a registry's storage. */
export interface Storage extends AsyncDisposable {
  /** The storage's folder there. */
  readonly root: string;
  /** Runs a POSIX shell script there, and returns its standard output. */
  run(script: string): Promise<string>;
}

/** Opens the storage of a stack's registry: on its host, in its pod, or in its container beside kind. */
export async function openStorage(stack: LiveStack): Promise<Storage> {
  const { settings, secrets } = stack;
  const { variant } = settings;
  switch (variant.kind) {
    case "host":
      return withRoot(variant.storagePath, await openMachine(variant.connection, secrets));
    case "hybrid":
      return withRoot(
        storageRoot,
        await openMachine({ kind: "docker-container", name: variant.containerName }, secrets),
      );
    case "cluster":
      return inPod(stack, variant);
    case "existing":
      throw new OperationError("the storage of an existing registry is out of this program's reach");
  }
}

function withRoot(root: string, machine: Omit<Storage, "root">): Storage {
  return {
    root,
    run: (script) => machine.run(script),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

async function inPod(stack: LiveStack, { namespace }: ClusterVariant): Promise<Storage> {
  const kubectl = await requireKubectl(stack);
  const pod = [`deployment/${names.deployment}`, "--container=registry", `--namespace=${namespace}`];
  const run = async (script: string) => {
    try {
      return await kubectl.run(["exec", ...pod, "--", "sh", "-c", script]);
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      throw new OperationError(
        `context ${kubectl.context}: the files of the registry's pod in namespace ${namespace} cannot be listed: ${error.message}. Run this where kubectl may create pods/exec there, or remove untaggedAfter`,
      );
    }
  };
  return { root: storageRoot, run, [Symbol.asyncDispose]: () => kubectl[Symbol.asyncDispose]() };
}
