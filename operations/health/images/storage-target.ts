import { shellWord } from "../../../hosts/shell.ts";
import { machineAddress } from "../../../hosts/transport/machine-address.ts";
import { names, storageRoot as rootInPod } from "../../../render/cluster-registry/names.ts";
import { storageRoot as rootInContainer } from "../../../render/compose.ts";
import { storageName } from "../../../render/hybrid-registry/containers.ts";
import type { ClusterVariant } from "../../../settings/variants/cluster.ts";
import { KubectlError, requireKubectl } from "../../kubectl.ts";
import type { LiveStack } from "../../live-stack.ts";
import { localShell } from "../../machines/local-shell.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";
import { onMachine } from "../mends.ts";

/** Where a stack's images are, as files. */
export type StorageTarget = {
  /** As in `host 203.0.113.5`. */
  where: string;
  /** The storage's path there. */
  storagePath: string;
  /** How much memory each process may take there, in MiB: the container has 512 for the registry, too. @default any */
  memoryMib?: number;
  /** A command line that runs a command there. */
  command(text: string): string;
  /** Runs a shell program there, and returns its standard output. `onLine` gets the lines of standard error. */
  run(program: string, onLine: (line: string) => void): Promise<string>;
};

/** Where the stack's images can be read as files. Throws an OperationError, with another way, where nothing can. */
export function storageTarget(stack: LiveStack): StorageTarget {
  const { name, settings, secrets } = stack;
  const { variant, containerRegistry } = settings;
  const way = `to have every byte of an image read through the API: crane validate --remote ${containerRegistry.host}/REPOSITORY:TAG`;
  switch (variant.kind) {
    case "host":
      return {
        where: `host ${machineAddress(variant.connection)}`,
        storagePath: variant.storagePath,
        command: (text) => onMachine(variant.connection, text),
        run: async (program, onLine) => {
          await using machine = await openMachine(variant.connection, secrets);
          return await machine.run(program, { onLine });
        },
      };
    case "hybrid": {
      const container = storageName(variant.containerName);
      return {
        ...{ where: `container ${container}`, storagePath: rootInContainer, memoryMib },
        command: (text) => `docker exec ${container} ${text}`,
        run: (program, onLine) => inContainer(container, program, onLine),
      };
    }
    case "cluster": {
      if (variant.storage.kind === "s3")
        throw new OperationError(`stack ${name} has its images in object storage, where nothing can hash them; ${way}`);
      const context = stack.kubernetes.context === undefined ? "" : `--context ${shellWord(stack.kubernetes.context)} `;
      return {
        ...{ where: `namespace ${variant.namespace}`, storagePath: rootInPod, memoryMib },
        command: (text) =>
          `kubectl ${context}--namespace ${variant.namespace} exec deployment/${names.deployment} --container registry -- ${text}`,
        run: (program, onLine) => inPod(stack, variant, program, onLine),
      };
    }
    case "existing":
      throw new OperationError(`stack ${name} runs no registry, and only those who run it can read its disk; ${way}`);
  }
}

const memoryMib = 192;

async function inContainer(container: string, program: string, onLine: (line: string) => void): Promise<string> {
  const last = lastLine(onLine);
  const { stdout, exitCode } = await localShell().execute(`docker exec -i ${shellWord(container)} sh -s`, {
    ...{ stdin: program, onLine: last.keep },
  });
  if (exitCode !== 0) throw new OperationError(`${container}: ${last.reason() ?? "the check ended early"}`);
  return stdout;
}

/** kubectl gives out standard output alone while a program runs, so lines of standard error come that way, too. */
async function inPod(
  stack: LiveStack,
  { namespace }: ClusterVariant,
  program: string,
  onLine: (line: string) => void,
): Promise<string> {
  await using kubectl = await requireKubectl(stack);
  const last = lastLine(onLine);
  const target = [`deployment/${names.deployment}`, `--namespace=${namespace}`, "--container=registry"];
  try {
    const text = await kubectl.run(["exec", ...target, "--", "sh", "-c", `exec 2>&1\n${program}`], {
      onLine: (line) => isResult(line) || last.keep(line),
    });
    return text.split("\n").filter(isResult).join("\n");
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(`context ${kubectl.context}, namespace ${namespace}: ${last.reason() ?? error.message}`);
  }
}

function isResult(line: string): boolean {
  return /^(\{|live\t)/.test(line);
}

function lastLine(onLine: (line: string) => void) {
  let last = "";
  return {
    keep: (line: string): void => {
      last = line;
      onLine(line);
    },
    /** What a program said that failed; undefined if it said nothing. */
    reason: () => (last === "" ? undefined : last.replace(/^error: /i, "")),
  };
}
