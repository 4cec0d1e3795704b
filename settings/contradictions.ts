import { accountContradictions } from "./contradictions/accounts.ts";
import { clusterContradictions } from "./contradictions/cluster.ts";
import { consumerContradictions } from "./contradictions/consumers.ts";
import { hostContradictions } from "./contradictions/host.ts";
import { hybridContradictions } from "./contradictions/hybrid.ts";
import { machineContradictions } from "./contradictions/machines.ts";
import { mavenContradictions } from "./contradictions/maven.ts";
import { nodeDaemonSetContradictions } from "./contradictions/node-daemon-set.ts";
import { nodeContradictions } from "./contradictions/nodes.ts";
import { rotationContradictions } from "./contradictions/rotation.ts";
import { uiContradictions } from "./contradictions/ui.ts";
import type { Settings } from "./settings.ts";

/** What cannot be meant together: at the place to change, the value there, the rule and the way out. */
export type Contradiction = { path: (string | number)[]; input?: unknown; message: string };

/**
 * Everything in a stack file that contradicts something else in it.
 * Nothing is missing or mistyped by now, but a text may still be malformed.
 */
export function contradictions(settings: Settings): Contradiction[] {
  return [
    hostContradictions,
    clusterContradictions,
    hybridContradictions,
    accountContradictions,
    mavenContradictions,
    machineContradictions,
    nodeContradictions,
    nodeDaemonSetContradictions,
    consumerContradictions,
    rotationContradictions,
    uiContradictions,
  ].flatMap((rules) => [...rules(settings)]);
}
