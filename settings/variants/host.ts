import { z } from "zod";
import { Connection } from "../connection.ts";
import { Generation } from "../formats/generation.ts";
import { AddressOrNetwork } from "../formats/host-name.ts";
import { Catalogue } from "./catalogue.ts";
import { HostImages } from "./images.ts";
import { OldHost } from "./old-host.ts";
import { HostTls } from "./tls.ts";
import { Ui } from "./ui.ts";

const MemoryLimit = z
  .string()
  .regex(/^[1-9]\d*[mg]$/, "a whole number of mebibytes or gibibytes, as in 512m or 2g")
  .refine((size) => size.endsWith("g") || Number.parseInt(size, 10) >= 32, "at least 32m, as in 256m");

const Memory = z
  .strictObject({
    registry: MemoryLimit.default("512m").describe("distribution"),
    proxy: MemoryLimit.default("512m").describe("Caddy, or Traefik; it may open 2 files or connections for each MiB"),
  })
  .prefault({})
  .describe("What each container may use at most, in Compose's units");

/** Folders that the system or the proxy uses. The storage path must not be in one of them, or above one. */
const takenPaths = [
  "/etc",
  "/usr",
  "/bin",
  "/boot",
  "/dev",
  "/proc",
  "/run",
  "/sys",
  "/tmp",
  "/srv/data/caddy",
  "/srv/data/traefik",
  "/var/log",
  "/var/lib/container-registry",
];

const StoragePath = z
  .string()
  .regex(/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}$/, {
    error: "an absolute path of at least two plain segments, as in /srv/data/registry",
    abort: true,
  })
  .refine(
    (path) => !takenPaths.some((taken) => `${path}/`.startsWith(`${taken}/`) || taken.startsWith(`${path}/`)),
    "lies in or above a folder the system or the proxy uses; take one of its own, as in /srv/data/registry",
  )
  .default("/srv/data/registry")
  .describe("Where the images are on the host; kept by destroy unless deleteData");

/** Variant host: one machine, outside any cluster, runs the registry. */
export const HostVariant = z
  .strictObject({
    kind: z.literal("host"),
    connection: Connection,
    oldHost: OldHost.optional(),
    storagePath: StoragePath,
    tls: HostTls,
    proxy: z
      .enum(["caddy", "traefik"])
      .default("caddy")
      .describe(
        "What stands in front of the registry; `traefik` needs closed reads and whole rights, and takes some 0.14 s for each request's password (docs/whanos.md)",
      ),
    allowFrom: z.array(AddressOrNetwork).default([]).describe("Who is answered at all; empty is everyone"),
    catalogue: Catalogue,
    installDocker: z
      .boolean()
      .default(false)
      .describe("Install Docker, Compose and, for backups, restic where they are missing (Debian, Ubuntu)"),
    takeOver: z.boolean().default(false).describe("Replace a hand-made registry on the machine and adopt its images"),
    images: HostImages,
    memory: Memory,
    ui: Ui,
    deleteData: z.boolean().default(false).describe("destroy deletes images and certificates too"),
    generation: Generation,
  })
  .describe("One machine runs the registry, outside any cluster");

export type HostVariant = z.output<typeof HostVariant>;
