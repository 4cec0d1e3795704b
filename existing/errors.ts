import type { HttpAnswer } from "../hosts/http-request.ts";
import type { Plan } from "./plan.ts";
import { RegistryError } from "./registry-error.ts";
import { shownIssuer } from "./shown-certificate.ts";

/**
 * The error for a server that answers `GET /v2/` in a way no registry does: the host, the scheme or the port in the
 * stack file is wrong.
 */
export function notARegistryError({ url }: Plan, { status, headers }: HttpAnswer): RegistryError {
  const { location } = headers;
  if (location !== undefined && URL.canParse(String(location), url)) {
    const { origin } = new URL(String(location), url);
    return new RegistryError(
      `${url}/v2/ is redirected (${status}) to ${origin}, which no registry does; correct containerRegistry.host, or variant.tls where it is the same host by https`,
    );
  }
  return new RegistryError(
    `${url}/v2/ answers ${status}${status === 200 ? " with a page" : ""}, so no registry serves there; correct containerRegistry.host (some products serve the registry on a port of its own), or variant.tls if it speaks TLS`,
  );
}

export function loginError({ url }: Plan, { status }: HttpAnswer): RegistryError {
  return new RegistryError(
    `${url}: the registry refuses registryUsername with registryPassword (${status}); this up hands them to nobody. Set the right ones: pulumi config set --secret registryPassword`,
  );
}

/** The error for credentials that are right, but do not have the push or pull right that the stack needs. */
export function permissionError(
  { url, repository }: Plan,
  right: "push to" | "pull from",
  answer: HttpAnswer,
): RegistryError {
  return new RegistryError(
    `${url}: registryUsername may not ${right} ${repository} (${reason(answer)}); this up hands its password to nobody. Have the right granted there, or correct containerRegistry.pathPrefix; where it may use some repositories alone, name one of them: variant.probeRepository`,
  );
}

export function pullNeedsLoginError({ url, repository }: Plan, answer: HttpAnswer): RegistryError {
  return new RegistryError(
    `${url}: nobody pulls from ${repository} without a login (${reason(answer)}), and containerRegistry.requiresAuthForPull is false; set it to true, and registryUsername and registryPassword`,
  );
}

/**
 * A registry's answer in error messages, as in `401 UNAUTHORIZED`: the HTTP status, and the error code in the answer's
 * body if that looks like a code of the OCI specification.
 */
export function reason({ status, body }: HttpAnswer): string {
  const [, code] = /"code"\s*:\s*"([A-Z_]{1,40})"/.exec(body) ?? [];
  return code === undefined ? String(status) : `${status} ${code}`;
}

export function realmError({ url }: Plan, server: URL | undefined): RegistryError {
  const where = server === undefined ? "names no address" : `is ${server.origin}, without TLS`;
  return new RegistryError(
    `${url}: the token server that it names ${where}, and so is sent no password; correct the realm in the registry's own configuration`,
  );
}

export function noTokenError({ url }: Plan, { origin }: URL, status: number): RegistryError {
  return new RegistryError(
    `${url}: its token server ${origin} answers ${status} without a token; correct the realm in the registry's own configuration`,
  );
}

/**
 * The error for a server whose TLS or HTTP is wrong, by the error's code. Undefined if the server did not answer at
 * all.
 */
export async function tlsError(
  plan: Plan,
  { url, code, timeoutMs }: { url: string; code: string; timeoutMs: number },
): Promise<RegistryError | undefined> {
  const { origin } = new URL(url);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return new RegistryError(`${origin}: its certificate is for another name; correct containerRegistry.host`);
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return new RegistryError(
      `${origin}: its certificate is not valid today (${code}); renew it there, or set this machine's clock`,
    );
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY/.test(code))
    return untrustedError(plan, origin, await shownIssuer(url, timeoutMs));
  if (/SSL|EPROTO/.test(code))
    return new RegistryError(
      `${origin}: speaks no TLS that Node understands (${code}); correct the port in containerRegistry.host, or set variant.tls: { kind: none } where it is plain HTTP`,
    );
  if (code.startsWith("HPE_") || code === "EMSGSIZE")
    return new RegistryError(
      `${origin}: answers, but not as a registry (${code}); correct containerRegistry.host, or variant.tls if it speaks TLS`,
    );
  return undefined;
}

function untrustedError({ url, ca }: Plan, origin: string, issuer: string): RegistryError {
  const shown = `${origin}: shows a certificate issued by ${issuer}`;
  if (ca !== undefined && origin === new URL(url).origin)
    return new RegistryError(
      `${shown}, which the CA in variant.tls.file does not verify; nodes would refuse it. Name the file with the CA of that issuer`,
    );
  return new RegistryError(
    `${shown}, a CA that this machine does not trust; where it is your organisation's, name the file with its CA (it may hold several): variant.tls: { kind: provided-ca, file: … }`,
  );
}

/** Why a server did not answer, in words for the operating system's error code. */
export function unansweredReason(url: string, code: string): string {
  const { host } = new URL(url);
  const reasons: Record<string, string> = {
    ENOTFOUND: "the name leads nowhere from this machine",
    EAI_AGAIN: "this machine's DNS gives no answer for the name",
    ECONNREFUSED: "nobody listens there",
    ETIMEDOUT: "nothing was heard in time",
  };
  return `${host}: ${reasons[code] ?? "the connection failed"} (${code || "no code"})`;
}
