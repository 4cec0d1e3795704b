import { z } from "zod";

/** What a stack is known by: 16 hexadecimal digits. */
const OwnerId = z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, as in 3f0c9a61d2b84e57");

/** The owners whose hosts, nodes, credentials and namespaces this stack may make its own. */
export const TakeOverFrom = z
  .array(OwnerId)
  .default([])
  .describe(
    "Owners, as an error names them, whose hosts, nodes, credentials and namespaces this stack makes its own: those of a stack whose state is lost",
  )
  .meta({ examples: [["3f0c9a61d2b84e57"]] });

/** Who a thing that several stacks can reach belongs to. */
export type Owner = {
  /** Random, made by the stack's first `up` and kept in its state: `PROJECT/STACK` is the same in every clone of the repository. */
  id: string;
  /** `PROJECT/STACK`, for people. */
  stack: string;
  /** The ids of owners whose things this stack makes its own. */
  takeOverFrom: readonly string[];
};
