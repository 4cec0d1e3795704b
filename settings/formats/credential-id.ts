import { z } from "zod";

/** The id of an entry in CI's credential store. */
export const CredentialId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits, dots, dashes and underscores, as in container-registry")
  .meta({ examples: ["container-registry"] });
