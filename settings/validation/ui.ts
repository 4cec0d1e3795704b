import { splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** The loopback port of the host that joxit's ui listens on, behind the proxy. */
const joxitPort = 5001;

/** Rules of the registry's ui. */
export function* validateUi({ variant, containerRegistry }: StackKeys): Iterable<ValidationError> {
  if (!("ui" in variant) || variant.ui.kind !== "joxit") return;
  const { host, requiresAuthForPull } = containerRegistry;
  if (requiresAuthForPull || ("catalogue" in variant && variant.catalogue === "accounts"))
    yield {
      path: ["variant", "ui", "kind"],
      input: variant.ui.kind,
      message:
        "has no way to log in here, so it shows only what is open; use builtin, or requiresAuthForPull: false and catalogue: open",
    };
  if (variant.kind === "host" && splitHost(host).port === joxitPort)
    yield {
      path: ["containerRegistry", "host"],
      input: host,
      message: `port ${joxitPort} is taken by joxit's page behind the proxy; use another, as in :5443, or ui: { kind: builtin }`,
    };
}
