import type { z } from "zod";
import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import { startProgress } from "../../progress.ts";
import { type Found, found } from "../check.ts";
import { type CheckedImages, images as checks } from "../checks/images/images.ts";
import { type ReadImages, readImages } from "../images/read-images.ts";
import { type StorageTarget, storageTarget } from "../images/storage-target.ts";
import { mendsOf } from "../mends.ts";
import type { Part } from "../part.ts";

export type ImagesPart = Part & {
  /** How much was read, once the part has been examined. */
  read(): z.output<typeof ReadImages> | undefined;
};

/** Every image, read whole where it lies. It takes as long as the disk takes, and says how far it is. */
export function imagesPart(stack: LiveStack): ImagesPart {
  const target = storageTarget(stack);
  let read: ReturnType<ImagesPart["read"]>;
  const examine = async (): Promise<Found[]> => {
    using progress = startProgress();
    try {
      const reading = await readImages(target, (line) => progress.show(line));
      read = reading.read;
      return found(checks, factsOf(stack, target, reading.problems));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return [unread(target, error.message)];
    }
  };
  return { name: `every image of ${target.where}`, examine, read: () => read };
}

function factsOf(stack: LiveStack, target: StorageTarget, problems: CheckedImages["problems"]): CheckedImages {
  const { containerRegistry, backup } = stack.settings;
  const { where, storagePath, command } = target;
  return {
    ...{ where, storagePath, command, problems, mends: mendsOf(stack) },
    ...{ registryHost: containerRegistry.host, isBackedUp: backup !== undefined },
  };
}

function unread({ where, storagePath, command }: StorageTarget, reason: string): Found {
  const finding = {
    ...{ check: "images-not-read", problem: `the images cannot be read: ${reason}`, where, fixable: false },
    affects: "the operator: whether every image can be pulled is unknown",
    mend: `see what the disk says: ${command(`ls ${storagePath}`)}; then run the command again`,
  };
  return { finding, followsFrom: ["host-unreachable", "docker-down", "container-not-running", "cluster-unreachable"] };
}
