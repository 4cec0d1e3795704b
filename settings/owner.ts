import { z } from "zod";

/** The random id of a stack in owner labels: 16 hexadecimal digits. */
const OwnerId = z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, as in 3f0c9a61d2b84e57");

/** The ids of other stacks whose hosts, nodes, credentials and namespaces this stack may take over. */
export const TakeOverFrom = z
  .array(OwnerId)
  .default([])
  .describe(
    "Owners, as an error names them, whose hosts, nodes, credentials and namespaces this stack makes its own: those of a stack whose state is lost",
  )
  .meta({ examples: [["3f0c9a61d2b84e57"]] });

/**
 * The stack that hosts, nodes, credentials and namespaces belong to, since several stacks may try to manage the same
 * ones.
 */
export type Owner = {
  /**
   * A random id that the stack's first `up` generates and stores in the state. The name alone is not unique: every
   * clone of the repository has the same `PROJECT/STACK`.
   */
  id: string;
  /** `PROJECT/STACK`, for messages to people. */
  stack: string;
  /** The ids of owners whose objects this stack may take over. */
  takeOverFrom: readonly string[];
};
