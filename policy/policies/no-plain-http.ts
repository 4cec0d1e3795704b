import type { Policy } from "../policy.ts";
import { registryOf } from "../registry.ts";

/** A registry beside a kind cluster has no `tls`: its clients are on the same machine. */
export const noPlainHttp: Policy = {
  name: "no-plain-http",
  description: "A registry is served over TLS, unless it is beside a kind cluster on the same machine.",
  *violations(resource) {
    if (registryOf(resource)?.settings.tls?.kind === "none")
      yield "the registry is served over plain HTTP, which shows passwords to the network; give variant.tls another kind than none";
  },
};
