import type { StackKeys } from "./stack-keys.ts";
import { validateAccounts } from "./validation/accounts.ts";
import { validateBackup } from "./validation/backup.ts";
import { validateCluster } from "./validation/cluster.ts";
import { validateConsumers } from "./validation/consumers.ts";
import { validateGarbageCollection } from "./validation/garbage-collection.ts";
import { validateHost } from "./validation/host.ts";
import { validateHybrid } from "./validation/hybrid.ts";
import { validateImmutableTags } from "./validation/immutable-tags.ts";
import { validateMachines } from "./validation/machines.ts";
import { validateMaven } from "./validation/maven.ts";
import { validateMonitoring } from "./validation/monitoring.ts";
import { validateNodeDaemonSet } from "./validation/node-daemon-set.ts";
import { validateNodes } from "./validation/nodes.ts";
import { validateNotify } from "./validation/notify.ts";
import { validateRetention } from "./validation/retention.ts";
import { validateRotation } from "./validation/rotation.ts";
import { validateUi } from "./validation/ui.ts";
import type { ValidationError } from "./validation/validation-error.ts";

/**
 * Checks the rules that concern several settings. When it runs, every required key is there and has the right type,
 * but a text may still have an invalid format.
 */
export function validateSettings(settings: StackKeys): ValidationError[] {
  return [
    validateHost,
    validateCluster,
    validateHybrid,
    validateAccounts,
    validateImmutableTags,
    validateMaven,
    validateMachines,
    validateNodes,
    validateNodeDaemonSet,
    validateConsumers,
    validateRetention,
    validateRotation,
    validateGarbageCollection,
    validateUi,
    validateBackup,
    validateMonitoring,
    validateNotify,
  ].flatMap((rules) => [...rules(settings)]);
}
