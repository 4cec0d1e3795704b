import { createHash } from "node:crypto";
import { stringify } from "yaml";

/**
 * A middleware that adds a response header with a file's version. The header shows whether Traefik serves that version:
 * Traefik reports no error for a file that it cannot read, and continues to serve the old one.
 */
export function versionHeader(of: "routes" | "secrets", text: string) {
  const value = `v-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
  const header = `X-${of === "routes" ? "Routes" : "Secrets"}`;
  return { [`${of}-mark`]: { headers: { customResponseHeaders: { [header]: value } } } };
}

/**
 * The text of secrets.yml, with a checksum of the files of users and of the certificate. Traefik reads those files
 * again only if its configuration changes, and this text changes whenever one of them does.
 */
export function secretsVersionYaml(texts: readonly string[]): string {
  return stringify({ http: { middlewares: versionHeader("secrets", texts.join("\n")) } });
}
