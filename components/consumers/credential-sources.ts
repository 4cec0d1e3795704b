import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCredential } from "../../jenkins/planned-credentials.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials, type Credentials } from "../account-credentials.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

/** Whose credentials Jenkins gets. */
export type RegistryAccount = { containerRegistry: Pick<Settings["containerRegistry"], "account"> };

export type CredentialSources = {
  container?: pulumi.Input<Credentials>;
  maven?: { username: pulumi.Input<string>; password: pulumi.Input<string> };
  host?: pulumi.Input<string>;
};

type SourceArgs = { settings: RegistryAccount; secrets: Secrets; endpoint: RegistryEndpoint };

/**
 * The user names, passwords and host for entries in Jenkins' credential store. It has only what the planned entries
 * need.
 */
export function credentialSources(
  needed: ReadonlySet<PlannedCredential["of"]>,
  { settings, secrets, endpoint }: SourceArgs,
): CredentialSources {
  const { mavenUsername, mavenPassword } = secrets;
  return {
    ...(needed.has("container") && {
      container: accountCredentials(endpoint, settings.containerRegistry.account),
    }),
    ...(needed.has("maven") &&
      mavenUsername &&
      mavenPassword && { maven: { username: mavenUsername, password: mavenPassword } }),
    ...(needed.has("host") && { host: endpoint.host }),
  };
}

/** Whether the stack has credentials for the Maven repository. */
export function hasMavenLogin({ mavenUsername, mavenPassword }: Secrets): boolean {
  return mavenUsername !== undefined && mavenPassword !== undefined;
}
