import type { Settings } from "./settings.ts";
import { accountErrors } from "./validation/accounts.ts";
import { clusterErrors } from "./validation/cluster.ts";
import { consumerErrors } from "./validation/consumers.ts";
import { hostErrors } from "./validation/host.ts";
import { hybridErrors } from "./validation/hybrid.ts";
import { machineErrors } from "./validation/machines.ts";
import { mavenErrors } from "./validation/maven.ts";
import { nodeDaemonSetErrors } from "./validation/node-daemon-set.ts";
import { nodeErrors } from "./validation/nodes.ts";
import { rotationErrors } from "./validation/rotation.ts";
import { uiErrors } from "./validation/ui.ts";

/** What cannot be meant together: at the place to change, the value there, the rule and the way out. */
export type ValidationError = { path: (string | number)[]; input?: unknown; message: string };

/**
 * Everything in a stack file that contradicts something else in it.
 * Nothing is missing or mistyped by now, but a text may still be malformed.
 */
export function validationErrors(settings: Settings): ValidationError[] {
  return [
    hostErrors,
    clusterErrors,
    hybridErrors,
    accountErrors,
    mavenErrors,
    machineErrors,
    nodeErrors,
    nodeDaemonSetErrors,
    consumerErrors,
    rotationErrors,
    uiErrors,
  ].flatMap((rules) => [...rules(settings)]);
}
