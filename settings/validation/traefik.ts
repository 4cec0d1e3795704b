import type { Account } from "../accounts.ts";
import type { ContainerRegistry } from "../container-registry.ts";
import { splitHost } from "../formats/host-name.ts";
import type { HostVariant } from "../variants/host.ts";
import { officialImages, officialReference } from "../variants/images.ts";
import type { ValidationError } from "./validation-error.ts";

type Stack = { variant: HostVariant; containerRegistry: ContainerRegistry; accounts: Account[] };

/** Rules of `proxy: traefik`: settings that only Caddy supports are errors. */
export function* validateTraefik({ variant, containerRegistry, accounts }: Stack): Iterable<ValidationError> {
  if (variant.proxy !== "traefik") return;
  const { allowFrom, ui, images, oldHost } = variant;

  if (!containerRegistry.requiresAuthForPull)
    yield {
      path: ["variant", "proxy"],
      input: variant.proxy,
      message: "cannot serve anonymous pull; use caddy, or set requiresAuthForPull: true",
    };
  if (images.proxy.reference === officialReference(officialImages.proxy))
    yield {
      path: ["variant", "images", "proxy"],
      message:
        "missing: Traefik 3 by its digest, as in docker.io/library/traefik@sha256:…; print it with: docker pull traefik:v3.7 && docker image inspect -f '{{index .RepoDigests 0}}' traefik:v3.7",
    };
  if (allowFrom.length > 0)
    yield {
      path: ["variant", "allowFrom"],
      message:
        "leaves other clients without an answer, and traefik answers them 403; use caddy, or close the port to them by a firewall and remove the key",
    };
  if (ui.kind === "builtin")
    yield {
      path: ["variant", "ui", "kind"],
      input: ui.kind,
      message: "is files, and traefik serves none; use caddy, or ui: { kind: none }",
    };
  if (oldHost?.kind === "read-only")
    yield {
      path: ["variant", "oldHost", "kind"],
      input: oldHost.kind,
      message: "needs caddy, which can refuse pushes alone; use kind: stopped, as docs/moving-a-host.md has it by hand",
    };
  yield* validateChallenge(variant, containerRegistry.host);
  for (const [index, account] of accounts.entries()) yield* validateAccount(account, index);
}

function* validateChallenge({ tls }: HostVariant, host: string): Iterable<ValidationError> {
  const { port = 443 } = splitHost(host);
  if (tls.kind === "acme" && port !== 443)
    yield {
      path: ["containerRegistry", "host"],
      input: host,
      message: `traefik proves the name by TLS-ALPN, which ACME servers ask for at port 443 alone; leave the port out, or use private-ca or caddy`,
    };
}

function* validateAccount(account: Account, index: number): Iterable<ValidationError> {
  for (const right of ["push", "pull", "delete"] as const)
    for (const [at, glob] of account[right].entries())
      if (glob !== "**")
        yield {
          path: ["accounts", index, right, at],
          input: glob,
          message: `traefik tells accounts apart, and no repositories; use ${right}: ["**"] or none, or caddy`,
        };
  if (account.expires !== undefined)
    yield {
      path: ["accounts", index, "expires"],
      input: account.expires,
      message: "traefik knows no day, and would take the password after it; remove the line, or use caddy",
    };
}
