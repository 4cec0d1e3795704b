import { createHash } from "node:crypto";
import { stringify } from "yaml";

/**
 * A middleware that says which version of a text Traefik serves: it has no other way to tell that it took a file, and
 * keeps the old one where it did not.
 */
export function mark(of: "routes" | "secrets", text: string) {
  const value = `v-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
  const header = `X-${of === "routes" ? "Routes" : "Secrets"}`;
  return { [`${of}-mark`]: { headers: { customResponseHeaders: { [header]: value } } } };
}

/** secrets.yml: changes with the users and the certificate, which Traefik reads again with another configuration alone. */
export function secretsMarkYaml(texts: readonly string[]): string {
  return stringify({ http: { middlewares: mark("secrets", texts.join("\n")) } });
}
