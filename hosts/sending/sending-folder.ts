import { local, remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../settings/connection.ts";
import { shellWord } from "../shell.ts";
import { type MachineTarget, sshConnection } from "../transport/machine-target.ts";

export type SendingFolderArgs = {
  target: MachineTarget;
  /** Hashes of everything that is sent. A new hash makes Pulumi create the folder again, since each apply removes it. */
  contents: string[];
  /** When this value changes, the folder is created again, for example because the machine was rebuilt. */
  generation: string;
};

/**
 * The folder for files that are sent to a host, until the host's apply has copied and checked them. Empty if the host is
 * the machine that runs Pulumi.
 */
export function sendingPath(connection: Connection): string {
  switch (connection.kind) {
    case "local":
      return "";
    case "docker-container":
      return "/var/tmp/container-registry-root";
    case "ssh":
      return `/var/tmp/container-registry-${connection.user}`;
  }
}

/** Creates the folder that files are sent to. Returns undefined if nothing is sent or the host is this machine. */
export function sendingFolder(
  name: string,
  { target: { connection, sshPrivateKey }, contents, generation }: SendingFolderArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource | undefined {
  if (contents.length === 0 || connection.kind === "local") return undefined;
  const script = makePrivateFolder(sendingPath(connection));
  const triggers = [...contents, generation];
  if (connection.kind === "ssh") {
    const command = { connection: sshConnection(connection, sshPrivateKey), create: script, triggers };
    return new remote.Command(name, { ...command, addPreviousOutputInEnv: false }, opts);
  }
  const create = `docker exec ${shellWord(connection.name)} sh -c ${shellWord(script)}`;
  return new local.Command(name, { create, triggers, addPreviousOutputInEnv: false }, opts);
}

/**
 * Shell script that creates a folder which only the current user may enter (mode 0700). Every user of the host may write
 * to /var/tmp; outside such a folder another user could replace a sent file by a file, a link or a pipe.
 */
export function makePrivateFolder(path: string): string {
  return `folder=${shellWord(path)}
mkdir -m 0700 "$folder" 2>/dev/null || {
  [ -n "$(find "$folder" -prune -type d -user "$(id -u)" 2>/dev/null)" ] && chmod 0700 "$folder"
} || {
  echo "error: $(hostname): $folder is not a folder of $(id -un)'s own, so others could change what is sent there; remove it, then run pulumi up again" >&2
  exit 1
}
`;
}
