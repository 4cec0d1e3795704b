import { z } from "zod";
import { CredentialId } from "./formats/credential-id.ts";
import { RegistryHostOrPlaceholder } from "./formats/host-name.ts";
import { PathPrefix } from "./formats/repository-glob.ts";

/** The registry that images are pushed to and pulled from; every variant has these settings. */
export const ContainerRegistry = z
  .strictObject({
    host: RegistryHostOrPlaceholder.describe("The registry as image references spell it, `HOST[:PORT]`"),
    pathPrefix: PathPrefix.default("").describe("Path segments between host and image name"),
    credentialId: CredentialId.default("container-registry").describe("The id CI knows the registry's credentials by"),
    requiresAuthForPush: z.boolean().default(true).describe("Whether a push needs credentials"),
    requiresAuthForPull: z.boolean().default(false).describe("Whether a pull needs credentials"),
    account: z
      .string()
      .optional()
      .describe("Whose credentials CI gets, a name of `accounts`; not with variant existing"),
  })
  .describe("Where images go, whoever runs the registry");

export type ContainerRegistry = z.output<typeof ContainerRegistry>;
