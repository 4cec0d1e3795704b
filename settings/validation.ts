import type { Settings } from "./settings.ts";
import { validateAccounts } from "./validation/accounts.ts";
import { validateCluster } from "./validation/cluster.ts";
import { validateConsumers } from "./validation/consumers.ts";
import { validateHost } from "./validation/host.ts";
import { validateHybrid } from "./validation/hybrid.ts";
import { validateMachines } from "./validation/machines.ts";
import { validateMaven } from "./validation/maven.ts";
import { validateNodeDaemonSet } from "./validation/node-daemon-set.ts";
import { validateNodes } from "./validation/nodes.ts";
import { validateRotation } from "./validation/rotation.ts";
import { validateUi } from "./validation/ui.ts";

/** What cannot be meant together: at the place to change, the value there, the rule and the way out. */
export type ValidationError = { path: (string | number)[]; input?: unknown; message: string };

/**
 * Everything in a stack file that contradicts something else in it.
 * Nothing is missing or mistyped by now, but a text may still be malformed.
 */
export function validateSettings(settings: Settings): ValidationError[] {
  return [
    validateHost,
    validateCluster,
    validateHybrid,
    validateAccounts,
    validateMaven,
    validateMachines,
    validateNodes,
    validateNodeDaemonSet,
    validateConsumers,
    validateRotation,
    validateUi,
  ].flatMap((rules) => [...rules(settings)]);
}
