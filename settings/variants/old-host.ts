import { z } from "zod";
import { Connection } from "../connection.ts";

const ReadOnlyHost = z
  .strictObject({ kind: z.literal("read-only"), connection: Connection })
  .describe(
    "It answers pulls, and pushes and deletions with 503, until oldHost is removed; then it stops, and always keeps its images. With proxy caddy",
  );

const StoppedHost = z
  .strictObject({
    kind: z.literal("stopped"),
    address: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/,
        "the machine as the error of `pulumi preview` names it, as in 203.0.113.5",
      )
      .meta({ examples: ["203.0.113.5"] })
      .describe("The machine as the error of `pulumi preview` names it"),
  })
  .describe(
    "It stops at the end of the next `up`, and keeps its images unless deleteData; or it no longer exists, or is the new machine under its former address",
  );

/** What becomes of the machine that was the stack's registry host until now. */
export const OldHost = z
  .discriminatedUnion("kind", [ReadOnlyHost, StoppedHost])
  .describe(
    "What becomes of the former registry host while `connection` leads to another machine (docs/moving-a-host.md); remove it after the move",
  );

export type OldHost = z.output<typeof OldHost>;
