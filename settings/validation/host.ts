import { isIPv4 } from "node:net";
import { splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { HostVariant } from "../variants/host.ts";
import { type HostTls, letsEncrypt } from "../variants/tls.ts";
import { validateTraefik } from "./traefik.ts";
import type { ValidationError } from "./validation-error.ts";

/** The loopback port of the host that distribution listens on, behind the proxy. */
const backendPort = 5000;

/**
 * Names for which no public CA issues a certificate: one word, or reserved by RFC 6761, RFC 6762 or ICANN for private
 * use.
 */
const privateName = /^[^.]+$|\.(local|localhost|internal|test|invalid|home\.arpa|lan)$/;

/** Rules of the host variant. */
export function* validateHost({ variant, containerRegistry, accounts }: StackKeys): Iterable<ValidationError> {
  if (variant.kind !== "host") return;
  const { host } = containerRegistry;
  const { tls, catalogue, ui } = variant;

  yield* validateTraefik({ variant, containerRegistry, accounts });
  if (ui.kind !== "none" && catalogue === "closed")
    yield {
      path: ["variant", "ui", "kind"],
      input: ui.kind,
      message: "lists the catalogue, which catalogue: closed hides; use catalogue: accounts, or ui: { kind: none }",
    };
  if (tls.kind === "acme") yield* validateAcme(host, tls);
  yield* validatePort(host, variant);
}

function* validateAcme(host: string, tls: HostTls & { kind: "acme" }): Iterable<ValidationError> {
  const { name } = splitHost(host);
  const path = ["variant", "tls", "kind"];
  const byLetsEncrypt = URL.canParse(tls.directory) && new URL(tls.directory).hostname.endsWith(".letsencrypt.org");

  if (isIPv4(name))
    yield { path, input: tls.kind, message: `proves a name, and ${name} is an address; use a name, or private-ca` };
  else if (name === "localhost" || (byLetsEncrypt && privateName.test(name)))
    yield {
      path,
      input: tls.kind,
      message: `proves a name that the ACME server can resolve, which ${name} is not; use a public name, or private-ca`,
    };
  if (tls.directory === letsEncrypt && tls.directoryCa !== undefined)
    yield {
      path: ["variant", "tls", "directoryCa"],
      input: tls.directoryCa,
      message: "is for a directory of your own; Let's Encrypt needs none: remove it, or set directory",
    };
}

function* validatePort(host: string, { tls }: HostVariant): Iterable<ValidationError> {
  const { port } = splitHost(host);
  const path = ["containerRegistry", "host"];
  if (port === backendPort)
    yield {
      path,
      input: host,
      message: `port ${backendPort} is taken by the registry behind the proxy; leave the port out, or use another, as in :5443`,
    };
  if (port === 80 && tls.kind !== "none")
    yield {
      path,
      input: host,
      message: "port 80 serves plain HTTP; leave the port out for 443, or use tls: { kind: none }",
    };
  if (port === 443 && tls.kind === "none")
    yield {
      path,
      input: host,
      message: "port 443 is for TLS and tls.kind is none; leave the port out for 80, or use another",
    };
}
