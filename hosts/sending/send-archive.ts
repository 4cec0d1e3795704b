import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { shellWord } from "../shell.ts";
import { type MachineTarget, sshConnection } from "../transport/machine-target.ts";
import { sendingPath } from "./sending-folder.ts";

/** An image archive on the machine that runs Pulumi. */
export type Archive = {
  /** Path of a file that `docker save` wrote. */
  file: string;
  sha256: string;
};

/** Where a host finds a file or folder that was sent to it. */
export type Sent = {
  /** Absolute path on the host. */
  path: string;
  /** The resource that sends the file. Whatever reads the file depends on it. Undefined if the host is this machine. */
  sent?: pulumi.Resource;
};

export type SendArchiveArgs = {
  target: MachineTarget;
  archive: Archive;
  /** When this value changes, the archive is sent again, for example because the machine was rebuilt. */
  generation: string;
};

/** Hashes the archive piece by piece, since an archive may be larger than what Node can read at once. */
export function readArchive(file: string): Archive {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(1024 * 1024);
  const descriptor = openSync(file, "r");
  try {
    for (let bytes = readSync(descriptor, piece); bytes > 0; bytes = readSync(descriptor, piece))
      hash.update(piece.subarray(0, bytes));
  } finally {
    closeSync(descriptor);
  }
  return { file, sha256: hash.digest("hex") };
}

/** Sends an image archive to a host over a separate connection. Pulumi's state keeps only the archive's hash. */
export function sendArchive(
  name: string,
  { target, archive: { file }, generation }: SendArchiveArgs,
  opts: pulumi.CustomResourceOptions,
): Sent {
  const { connection, sshPrivateKey } = target;
  const source = new pulumi.asset.FileAsset(file);
  const path = `${sendingPath(connection)}/${name}.tar`;
  switch (connection.kind) {
    case "local":
      return { path: resolve(file) };
    case "docker-container": {
      const copy = `docker exec -i ${shellWord(connection.name)} sh -c ${shellWord(`cat > ${path}`)} < ${shellWord(resolve(file))}`;
      return { path, sent: new local.Command(name, { create: copy, triggers: [source, generation] }, opts) };
    }
    case "ssh": {
      const sent = new remote.CopyToRemote(
        name,
        {
          connection: sshConnection(connection, sshPrivateKey),
          source,
          remotePath: path,
          triggers: [generation],
        },
        opts,
      );
      return { path, sent };
    }
  }
}
