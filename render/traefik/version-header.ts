import { createHash } from "node:crypto";
import { stringify } from "yaml";

/**
 * A middleware that adds a header with the version of a file to a response. It shows whether Traefik serves that version:
 * Traefik reports no error for a file that it cannot read, and goes on with the old one.
 */
export function versionHeader(of: "routes" | "secrets", text: string) {
  const value = `v-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
  const header = `X-${of === "routes" ? "Routes" : "Secrets"}`;
  return { [`${of}-mark`]: { headers: { customResponseHeaders: { [header]: value } } } };
}

/**
 * secrets.yml: changes whenever the files of users or the certificate change. Traefik reads those again only when its
 * configuration differs.
 */
export function secretsVersionYaml(texts: readonly string[]): string {
  return stringify({ http: { middlewares: versionHeader("secrets", texts.join("\n")) } });
}
