import { z } from "zod";
import { CredentialId } from "../formats/credential-id.ts";
import { httpUrl } from "../formats/http-url.ts";
import { Namespace } from "../formats/kubernetes-name.ts";
import { CertificateFile } from "../formats/local-file.ts";

const JenkinsCredential = z
  .strictObject({
    id: CredentialId.describe("The id pipelines know it by"),
    kind: z.enum(["username-password", "secret-text"]).describe("Both, or the password alone as text"),
    of: z.enum(["container", "maven", "host"]).describe("Whose credentials; host is the registry's host name as text"),
    description: z.string().max(200, "at most 200 characters").optional().describe("What Jenkins shows beside it"),
    domain: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9 ._-]*$/, "a credentials domain, as in registry")
      .optional()
      .describe("The global domain unless given"),
    folder: z
      .string()
      .regex(
        /^[A-Za-z0-9_][A-Za-z0-9 ._-]*(\/[A-Za-z0-9_][A-Za-z0-9 ._-]*)*$/,
        "a folder's full name without leading or trailing slash, as in team/apps",
      )
      .optional()
      .describe("A folder with credentials of its own; the system's unless given"),
  })
  .describe("One entry of Jenkins' credential store");

/** The Jenkins server that gets the registries' credentials. */
export const Jenkins = z
  .strictObject({
    url: httpUrl("https://jenkins.example.org").describe("Where Jenkins answers"),
    user: z
      .string()
      .regex(/^[^\s:]+$/, "a Jenkins user without spaces and colons, as in admin")
      .meta({ examples: ["admin"] })
      .describe("Whose jenkinsToken or jenkinsPassword it is"),
    via: z
      .enum(["rest", "kubernetes", "casc"])
      .default("rest")
      .describe("How they arrive: REST, Secrets for the kubernetes-credentials-provider, configuration as code"),
    namespace: Namespace.optional().describe("Where Jenkins reads Secrets; with `via: kubernetes` alone"),
    adopt: z.boolean().default(false).describe("Take over credentials of the same id that somebody made by hand"),
    caFile: CertificateFile.optional().describe("PEM file with the CA of Jenkins' own certificate"),
    credentials: z
      .array(JenkinsCredential)
      .optional()
      .describe("Those of containerRegistry and mavenRegistry unless given"),
  })
  .describe("The Jenkins that gets the credentials");

export type Jenkins = z.output<typeof Jenkins>;

type Asked = {
  jenkins?: Jenkins;
  mavenRegistry?: { sameCredentials: boolean };
};

/**
 * Whether Jenkins gets a login: `container` is the registry's, `maven` the Maven repository's own. With
 * sameCredentials the Maven repository has none of its own.
 */
export function jenkinsGets(login: "container" | "maven", { jenkins, mavenRegistry }: Asked): boolean {
  if (!jenkins) return false;
  const same = mavenRegistry?.sameCredentials === true;
  const asked = jenkins.credentials?.map(({ of }) => (of === "maven" && same ? "container" : of));
  return asked?.includes(login) ?? login === "container";
}
