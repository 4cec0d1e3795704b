import type { ComparedObject } from "../../cluster/live-objects.ts";
import type { Mends } from "../../mends.ts";

/** The cluster that runs the stack's objects. */
export type CheckedObjects = {
  where: string;
  /** The context of kubectl. */
  context: string;
  mends: Mends;
  objects: readonly ComparedObject[];
};
