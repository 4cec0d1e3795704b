import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { hostHealthProgram, hybridHealthProgram } from "../../hosts/health/health-program.ts";
import { machineAddress } from "../../hosts/transport/machine-address.ts";
import type { LiveStack } from "../live-stack.ts";
import { localShell } from "../machines/local-shell.ts";
import { openMachine } from "../machines/machine.ts";
import { OperationError } from "../operation-error.ts";
import { jsonIn } from "../registry-api/json-in.ts";
import { within } from "./within.ts";

const Container = z.object({
  service: z.enum(["registry", "proxy", "ui"]),
  /** Of the program that runs in it; empty where it does not run. */
  version: z.string(),
  name: z.string().transform((name) => name.replace(/^\//, "")),
  /** What the container was created from: a reference by digest, or an image id. */
  image: z.string(),
  /** As in running, exited, restarting. */
  state: z.string(),
  /** As in healthy, unhealthy, starting; null where the container has no health check. */
  health: z.string().nullable(),
  restarts: z.int(),
  started: z.string(),
  exitCode: z.int(),
  outOfMemory: z.boolean(),
  /** Names of Docker's networks; the last one is null. */
  networks: z
    .array(z.string().nullable())
    .transform((names) => names.filter((name) => name !== null))
    .prefault([]),
  error: z.string(),
});

/** A file's text, and when it was written in seconds since 1970; null if the file is not there. */
const StampedFile = z.object({ at: z.int(), text: z.string() }).nullable();

/** A time as systemd prints it, as in `Sun 2026-11-22 05:02:17 UTC`; undefined for none. */
const SystemdTime = z.string().transform((text) => {
  const time = Date.parse(text.replace(/^\w{3} /, ""));
  return Number.isNaN(time) ? undefined : new Date(time);
});

/** A unit of systemd, with systemd's own words. */
const Unit = z.object({
  Id: z.string(),
  /** `not-found` where the host has no such unit. */
  LoadState: z.string(),
  /** As in active, inactive, failed. */
  ActiveState: z.string(),
  SubState: z.string().default(""),
  /** Of the last run: success, or why it failed. */
  Result: z.string().default(""),
  /** As in enabled, disabled. */
  UnitFileState: z.string().default(""),
  ExecMainStatus: z.string().default(""),
  /** When a service's last run ended. */
  ExecMainExitTimestamp: SystemdTime.optional(),
  /** When a timer elapses next, and did last. */
  NextElapseUSecRealtime: SystemdTime.optional(),
  LastTriggerUSec: SystemdTime.optional(),
});

/** The file system that holds the images, in bytes. */
const Disk = z.object({
  path: z.string(),
  size: z.int(),
  used: z.int(),
  free: z.int(),
  /** Missing where the file system has no fixed number of them. */
  inodes: z.int().optional(),
  freeInodes: z.int().optional(),
  readOnly: z.boolean(),
  /** How much was used at earlier times. */
  records: z.array(z.object({ at: z.iso.datetime().transform((text) => new Date(text)), used: z.int() })),
});

/**
 * How a registry's machine is, as a program in `hosts/health` reads it. A field is missing where its part could not be
 * read, which `problems` then names, or where the variant has no such part.
 */
export const HostFacts = z.object({
  /** The machine's clock, in seconds since 1970. */
  clock: z.int(),
  /** The registry's version, of a pod. */
  version: z.string().optional(),
  docker: z.object({ version: z.string(), containers: z.array(Container) }).optional(),
  disk: Disk.optional(),
  /** Uploads that have not ended, and those to which a client wrote within the last three minutes. */
  uploads: z.object({ open: z.int(), active: z.int() }).optional(),
  /** What the last collection of garbage printed. */
  collection: StampedFile.optional(),
  /** The certificates that the proxy reads, as PEM, leaf first. */
  certificates: z.array(z.object({ path: z.string(), pem: z.string() })).optional(),
  /** What the last backup, and the last verification of one, printed. */
  backup: StampedFile.optional(),
  verification: StampedFile.optional(),
  units: z.array(Unit).optional(),
  problems: z.array(z.object({ part: z.string(), problem: z.string() })),
});

export type HostFacts = z.output<typeof HostFacts>;

/** The folder that relative paths of the stack file start at. */
const project = fileURLToPath(new URL("../../", import.meta.url));

/** How long all of it may take, in seconds. */
const limitSeconds = 10;

/** Asks the registry's machine over the stack's connection; undefined for variants whose registry runs on none. */
export async function hostFacts({
  settings: { variant, containerRegistry },
  secrets,
}: Pick<LiveStack, "settings" | "secrets">): Promise<HostFacts | undefined> {
  if (variant.kind === "host") {
    const { connection } = variant;
    const name = machineAddress(connection);
    return within(limitSeconds, name, async (signal) => {
      await using machine = await openMachine(connection, secrets, signal);
      return factsIn(await machine.run(hostHealthProgram(variant, containerRegistry.host)), name);
    });
  }
  if (variant.kind !== "hybrid") return undefined;
  return within(limitSeconds, "Docker on this machine", async (signal) => {
    const program = hybridHealthProgram({ ...variant, storagePath: resolve(project, variant.storagePath) });
    const { stdout } = await localShell(signal).execute(program, { stdin: "", onLine: () => {} });
    return factsIn(stdout, "this machine");
  });
}

/** Reads what the program prints. `name` is the machine's, for the error. */
export function factsIn(text: string, name: string): HostFacts {
  const { data, error } = HostFacts.safeParse(jsonIn(text));
  if (data === undefined)
    throw new OperationError(`${name}: what it says of its registry cannot be read: ${z.prettifyError(error)}`);
  return data;
}
