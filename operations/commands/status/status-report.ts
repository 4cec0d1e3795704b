import { z } from "zod";

const Time = z.iso.datetime();

/** What `registry status --json` prints. Sizes are in bytes, times in UTC. Fields may be added, none is removed. */
export const StatusReport = z.object({
  stack: z.string(),
  variant: z.enum(["host", "cluster", "hybrid", "existing"]),
  url: z.string(),
  serving: z.boolean(),
  /** How long the answer to a client took. */
  milliseconds: z.int().optional(),
  /** By program: `registry`, `proxy`, `docker`. */
  versions: z.record(z.string(), z.string()),
  containers: z.array(
    z.object({
      /** Of the container, or of the pod. */
      name: z.string(),
      /** As in running, exited; of a pod its phase, as in Running, or why a container of it waits. */
      state: z.string(),
      /** As in healthy; of a pod, ready or not ready. */
      health: z.string().optional(),
      restarts: z.int(),
      since: Time.optional(),
    }),
  ),
  certificate: z
    .object({
      issuer: z.string(),
      ends: Time,
      daysLeft: z.int(),
      /** When the stack's own CA ends. */
      caEnds: Time.optional(),
      caDaysLeft: z.int().optional(),
    })
    .optional(),
  disk: z
    .object({
      path: z.string(),
      size: z.int(),
      used: z.int(),
      free: z.int(),
      readOnly: z.boolean(),
      /** Missing where the growth is unknown, or there is none. */
      daysUntilFull: z.int().optional(),
    })
    .optional(),
  /** Uploads to which a client wrote within three minutes, and all that have not ended. */
  uploads: z.object({ active: z.int(), open: z.int() }).optional(),
  /** `null`: never so far. Missing where the stack has no such key, or where it is not known. */
  collection: z.object({ at: Time, bytes: z.int().optional() }).nullable().optional(),
  backup: z.object({ at: Time, covered: Time.optional() }).nullable().optional(),
  verification: z.object({ at: Time, problems: z.int().optional() }).nullable().optional(),
  /** When each schedule starts next, by task. */
  next: z.record(z.string(), Time),
  /** `expires`: the last day, in UTC. */
  accounts: z.array(z.object({ name: z.string(), expires: z.string().optional(), daysLeft: z.int().optional() })),
  /** How many passwords are older than `rotateEvery`, or have a rotation that has not ended. */
  rotationsDue: z.int(),
  /** How many nodes the stack knows, and how many have all by which they trust the registry. Missing without nodes. */
  nodes: z.object({ known: z.int(), trusting: z.int() }).optional(),
  /** What somebody should see to, with the next step. */
  attention: z.array(z.string()),
  /** Parts that could not be asked, and why. */
  unknown: z.array(z.object({ part: z.string(), problem: z.string() })),
});

export type StatusReport = z.output<typeof StatusReport>;
