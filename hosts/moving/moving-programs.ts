import { proxyPaths } from "../../render/compose.ts";
import type { Owner } from "../../settings/owner.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import { shellFiles, shellWord } from "../shell.ts";

/** Files of a registry host that a move copies. */
export type MovedPart = {
  name: "images" | "certificates";
  folder: string;
  /** Folders below `folder`. */
  paths: readonly string[];
  /** The umask for folders that are missing on the new host. */
  mask: string;
};

/** What a move copies. Everything else is rendered by `up`; the trash of garbage collections and logs stay behind. */
export function movedParts({ storagePath, tls }: Pick<HostVariant, "storagePath" | "tls">): MovedPart[] {
  const images: MovedPart = {
    name: "images",
    folder: storagePath,
    paths: ["docker/registry/v2/blobs", "docker/registry/v2/repositories"],
    mask: "022",
  };
  const certificates: MovedPart = {
    name: "certificates",
    folder: proxyPaths.caddy.data,
    paths: ["caddy/acme", "caddy/certificates"],
    mask: "077",
  };
  return tls.kind === "acme" ? [images, certificates] : [images];
}

/** Prints `SIZE TIME PATH` of each file of the old host, and `end`. */
export function listProgram(part: MovedPart): string {
  return program(part, ["list"]);
}

/** On the new host: reads that list, deletes what is gone, and prints `SIZE PATH` of each file that is to be sent. */
export function compareProgram(part: MovedPart, oldHost: string, owner: Owner): string {
  return program(part, ["new-host", "compare"], { old_host: oldHost, ...ownerVariables(owner) });
}

/** On the old host: reads paths, and writes the files as a tar archive. */
export function sendProgram(part: MovedPart): string {
  return program(part, ["send"]);
}

/** On the new host: unpacks the archive. */
export function receiveProgram(part: MovedPart, owner: Owner): string {
  return program(part, ["new-host", "receive"], ownerVariables(owner));
}

function ownerVariables({ id, takeOverFrom }: Owner) {
  return { owner_id: id, take_over_from: takeOverFrom.join(" ") };
}

function program(
  { name, folder, paths, mask }: MovedPart,
  tasks: readonly string[],
  more: Record<string, string> = {},
): string {
  const variables = {
    part: name,
    folder,
    paths: paths.join(" "),
    mask,
    lists: "/var/lib/container-registry/move",
    bundle: "registry",
    home: "/var/lib/container-registry/registry",
    ...more,
  };
  const assignments = Object.entries(variables).map(([key, value]) => `${key}=${shellWord(value)}\n`);
  const here = new URL("./", import.meta.url);
  return [
    ...assignments,
    shellFiles(here, ["common", "record"]),
    shellFiles(new URL("../registry-host/", here), ["disk"]),
    shellFiles(new URL("../apply/", here), ["owner"]),
    shellFiles(here, tasks),
  ].join("");
}
