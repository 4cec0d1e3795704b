import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of `monitoring`. */
export function* validateMonitoring({ variant, accounts, monitoring }: StackKeys): Iterable<ValidationError> {
  if (monitoring === undefined) return;
  const message = reason(variant);
  if (message !== undefined) {
    yield { path: ["monitoring"], message };
    return;
  }
  if (monitoring.serviceMonitor !== undefined && variant.kind === "host")
    yield {
      path: ["monitoring", "serviceMonitor"],
      message: "needs variant cluster; remove it, and have Prometheus read the host: docs/monitoring.md",
    };
  if (!accounts.some(({ name }) => name === monitoring.account))
    yield {
      path: ["monitoring", "account"],
      input: monitoring.account,
      message: "is not in accounts; add it there, without push, pull and delete if it only reads metrics",
    };
}

function reason(variant: StackKeys["variant"]): string | undefined {
  switch (variant.kind) {
    case "host":
      return variant.proxy === "traefik"
        ? "Traefik cannot keep /metrics/ for one account; use variant.proxy: caddy, or remove the key"
        : undefined;
    case "cluster":
      return undefined;
    case "hybrid":
      return "distribution listens on no port beside kind, so Prometheus could not read its metrics; remove the key";
    case "existing":
      return "whoever runs an existing registry has its metrics; remove the key";
  }
}
