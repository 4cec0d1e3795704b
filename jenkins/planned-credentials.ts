import type { Jenkins } from "../settings/consumers/jenkins.ts";
import type { Settings } from "../settings/settings.ts";
import type { JenkinsCredential, Location } from "./credential.ts";

/** One entry that the stack asks for, without its secret, so that a preview may show it. */
export type PlannedCredential = Location & {
  id: string;
  kind: JenkinsCredential["kind"];
  /** Which credentials the entry contains. With `host` the entry is the registry's host as secret text. */
  of: "container" | "maven" | "host";
  description: string;
};

type UserPassword = { username: string; password: string };

/** The values that the entries get: user names, passwords, and the registry's host. */
export type Sources = {
  container?: UserPassword;
  maven?: UserPassword;
  /** `HOST[:PORT]` */
  host?: string;
};

type Asked = Pick<Settings, "mavenRegistry"> & {
  jenkins: Jenkins;
  containerRegistry: Pick<Settings["containerRegistry"], "credentialId" | "host">;
};

/**
 * The entries that a stack asks for in `jenkins.credentials`. Without that list, one entry for the registry, and one
 * for the Maven repository if the stack has credentials for that.
 */
export function plannedCredentials(asked: Asked, { hasMavenLogin }: { hasMavenLogin: boolean }): PlannedCredential[] {
  const { containerRegistry, mavenRegistry, jenkins } = asked;
  const same = mavenRegistry?.sameCredentials === true;
  if (jenkins.credentials)
    return jenkins.credentials.map(({ description, of, ...entry }) => ({
      ...entry,
      // With sameCredentials, the Maven repository has the registry's credentials.
      of: of === "maven" && same ? "container" : of,
      description: description ?? describe(of, asked),
    }));

  const kind = "username-password" as const;
  const container = {
    id: containerRegistry.credentialId,
    kind,
    of: "container" as const,
    description: describe("container", asked),
  };
  if (!mavenRegistry || (!same && !hasMavenLogin)) return [container];
  if (same && mavenRegistry.credentialId === containerRegistry.credentialId) return [container];
  const of = same ? ("container" as const) : ("maven" as const);
  return [container, { id: mavenRegistry.credentialId, kind, of, description: describe("maven", asked) }];
}

/** Adds the secrets to the planned entries. */
export function filled(planned: readonly PlannedCredential[], sources: Sources): JenkinsCredential[] {
  return planned.map(({ of, kind, ...entry }) => {
    if (of === "host") return { ...entry, kind: "secret-text", secret: given(sources.host, of) };
    const { username, password } = given(sources[of], of);
    return kind === "secret-text" ? { ...entry, kind, secret: password } : { ...entry, kind, username, password };
  });
}

/** Which of the values in `Sources` the planned entries need. */
export function sourcesOf(planned: readonly PlannedCredential[]): Set<PlannedCredential["of"]> {
  return new Set(planned.map(({ of }) => of));
}

/**
 * Returns a source that must be there. The settings were validated before, so a missing one is a bug of this program.
 */
function given<T>(source: T | undefined, name: string): T {
  if (source === undefined) throw new Error(`no ${name} to fill Jenkins' credentials with`);
  return source;
}

function describe(of: PlannedCredential["of"], { containerRegistry, mavenRegistry }: Asked): string {
  if (of === "container") return "Container registry";
  return of === "maven" ? `Maven repository ${mavenRegistry?.host}` : `Host of ${containerRegistry.host}`;
}
