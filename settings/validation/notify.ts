import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** What to do instead, where the stack has no registry host. */
const otherWays = {
  cluster: "have the cluster's Prometheus raise alarms: monitoring, and examples/monitoring/alerts.yml",
  hybrid: "the registry beside kind has no timers that could fail; remove the key",
  existing: "whoever runs an existing registry is told by it; remove the key",
};

/** Rules of `notify`. */
export function* validateNotify({ variant, notify }: StackKeys): Iterable<ValidationError> {
  if (notify !== undefined && variant.kind !== "host")
    yield { path: ["notify"], message: `needs variant host: ${otherWays[variant.kind]}` };
}
