import { stringify } from "yaml";

/** One credential in Jenkins. */
export type CascCredential = {
  id: string;
  kind: "username-password" | "secret-text";
  /** Which secret the credential has. The names of the variables with the secret depend on it. */
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
 * A part of Jenkins' configuration as code. It has references instead of secrets: Jenkins resolves them from its environment
 * or another secret source.
 *
 * @see configuration-as-code-plugin: docs/features/secrets.adoc
 */
export function jenkinsCasc(credentials: readonly CascCredential[]): string {
  const domains = [...new Set(credentials.map(({ domain }) => domain))];
  const domainCredentials = domains.map((domain) => ({
    ...(domain !== undefined && { domain: { name: domain } }),
    credentials: credentials.filter((each) => each.domain === domain).map(entry),
  }));
  // Lines are not folded, since Jenkins does not resolve a reference that is split into two lines.
  return stringify({ credentials: { system: { domainCredentials } } }, { lineWidth: 0 });
}

/**
 * A part of Jenkins' configuration as code with global environment variables, which every build of every agent has.
 *
 * @see configuration-as-code-plugin: demos/jenkins, globalNodeProperties
 */
export function jenkinsCascEnvironment(environment: Record<string, string>): string {
  const env = Object.entries(environment).map(([key, value]) => ({ key, value: literal(value) }));
  return stringify({ jenkins: { globalNodeProperties: [{ envVars: { env } }] } }, { lineWidth: 0 });
}

function entry({ id, kind, of, description }: CascCredential) {
  const { username, text } = variables[of];
  const common = { scope: "GLOBAL", id, description: literal(description) };
  if (kind === "secret-text") return { string: { ...common, secret: reference(text) } };
  return { usernamePassword: { ...common, username: reference(username), password: reference(text) } };
}

/** A text in which Jenkins resolves no reference. */
function literal(text: string): string {
  return text.replaceAll("${", "^${");
}

function reference(variable: string): string {
  return `\${${variable}}`;
}
