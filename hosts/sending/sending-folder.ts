import { local, remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../settings/connection.ts";
import { shellWord } from "../shell.ts";
import { type MachineTarget, sshConnection } from "../transport/machine-target.ts";

export type SendingFolderArgs = {
  target: MachineTarget;
  /** Hashes of all that is sent there: the folder is made again with each new one, since an apply empties and removes it. */
  contents: string[];
  /** Another one asks for the folder again: the machine was rebuilt. */
  generation: string;
};

/** Where files that are sent to a host lie until its apply has copied and checked them; none where the host is this machine. */
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

/** Makes that folder, before anything is sent to it. Nothing where nothing is sent. */
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
 * Everybody on the host may write to /var/tmp. In a folder of mode 0700 nobody but the login can put a file, a link or a
 * pipe in the place of what was sent.
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
