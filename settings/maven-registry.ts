import { z } from "zod";
import { CredentialId } from "./formats/credential-id.ts";
import { RegistryHost } from "./formats/host-name.ts";
import { httpUrl } from "./formats/http-url.ts";

const MavenPath = z
  .string()
  .regex(
    /^$|^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/,
    "path segments without leading or trailing slash, as in maven-releases",
  );

const MavenUrl = httpUrl("https://nexus.example.org/repository/maven-releases/");

/**
 * The Maven repository that artifacts are deployed to. Its server is not part of this project, whose registry serves
 * images only.
 */
export const MavenRegistry = z
  .strictObject({
    host: RegistryHost.describe("The Maven server, `HOST[:PORT]`"),
    pathPrefix: MavenPath.default("").describe("The repository's path on the server"),
    url: MavenUrl.optional().describe("The repository's URL; `https://HOST/PREFIX/` unless given"),
    credentialId: CredentialId.default("maven-registry").describe("The id CI knows the Maven credentials by"),
    requiresAuthForPush: z.boolean().default(true).describe("Whether a deploy needs credentials"),
    requiresAuthForPull: z.boolean().default(false).describe("Whether a download needs credentials"),
    sameCredentials: z
      .boolean()
      .default(false)
      .describe("Maven gets the container registry's credentials; only where both hosts are equal"),
  })
  .transform((maven) => ({ ...maven, url: maven.url ?? mavenUrl(maven) }))
  .describe("Where Maven artifacts go: somebody else's server, since ours serves images only");

export type MavenRegistry = z.output<typeof MavenRegistry>;

function mavenUrl({ host, pathPrefix }: { host: string; pathPrefix: string }): string {
  return pathPrefix === "" ? `https://${host}/` : `https://${host}/${pathPrefix}/`;
}
