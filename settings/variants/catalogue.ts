import { z } from "zod";

/** Who may list the repositories (`/v2/_catalog`). */
export const Catalogue = z
  .enum(["open", "accounts", "closed"])
  .default("open")
  .describe("Who may list repositories: whoever may pull, accounts only, nobody");

export type Catalogue = z.output<typeof Catalogue>;
