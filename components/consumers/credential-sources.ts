import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCredential } from "../../jenkins/planned-credentials.ts";
import type { Secrets } from "../../settings/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials, type Credentials } from "../account-credentials.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";

export type CredentialSources = {
  container?: pulumi.Input<Credentials>;
  maven?: { username: pulumi.Input<string>; password: pulumi.Input<string> };
  host?: pulumi.Input<string>;
};

type From = { settings: Settings; secrets: Secrets; endpoint: RegistryEndpoint };

/** What entries of a CI's store are filled with, and no more than they need. */
export function credentialSources(
  needed: ReadonlySet<PlannedCredential["of"]>,
  { settings, secrets, endpoint }: From,
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

/** Whether the Maven repository has a login of its own. */
export function hasMavenLogin({ mavenUsername, mavenPassword }: Secrets): boolean {
  return mavenUsername !== undefined && mavenPassword !== undefined;
}
