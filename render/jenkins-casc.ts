import { stringify } from "yaml";

/** One entry, as far as its text needs it. */
export type CascCredential = {
  id: string;
  kind: "username-password" | "secret-text";
  /** Whose secret it holds: part of the variables' names. */
  of: "container" | "maven" | "host";
  description: string;
  domain?: string;
};

const variables = {
  container: { username: "CONTAINER_REGISTRY_USERNAME", text: "CONTAINER_REGISTRY_PASSWORD" },
  maven: { username: "MAVEN_REGISTRY_USERNAME", text: "MAVEN_REGISTRY_PASSWORD" },
  host: { username: "", text: "CONTAINER_REGISTRY_HOST" },
} satisfies Record<CascCredential["of"], { username: string; text: string }>;

/**
 * A fragment of Jenkins' configuration as code. It holds references alone: Jenkins fills them from its environment, or from
 * any other of its secret sources.
 *
 * @see configuration-as-code-plugin: docs/features/secrets.adoc
 */
export function jenkinsCasc(credentials: readonly CascCredential[]): string {
  const domains = [...new Set(credentials.map(({ domain }) => domain))];
  const domainCredentials = domains.map((domain) => ({
    ...(domain !== undefined && { domain: { name: domain } }),
    credentials: credentials.filter((each) => each.domain === domain).map(entry),
  }));
  // No folded lines: a reference in two is none.
  return stringify({ credentials: { system: { domainCredentials } } }, { lineWidth: 0 });
}

function entry({ id, kind, of, description }: CascCredential) {
  const { username, text } = variables[of];
  const common = { scope: "GLOBAL", id, description: description.replaceAll("${", "^${") };
  if (kind === "secret-text") return { string: { ...common, secret: reference(text) } };
  return { usernamePassword: { ...common, username: reference(username), password: reference(text) } };
}

function reference(variable: string): string {
  return `\${${variable}}`;
}
