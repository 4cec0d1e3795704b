import { resolve } from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Login, sshConnection } from "./login.ts";
import { shellWord } from "./shell.ts";

export type SentArchive = {
  /** Where the host finds it: absolute, or relative to the login's home. */
  path: string;
  /** What must be there before the archive is read; none where the host is this machine. */
  sent?: pulumi.Resource;
};

export type SendArchiveArgs = {
  login: Login;
  /** What `docker save` wrote, on this machine. */
  file: string;
  /** Another one asks for the archive again: the machine was rebuilt. */
  generation: string;
};

/** Brings an image archive of this machine to a host, once, over a connection of its own. The state keeps its hash alone. */
export function sendArchive(
  name: string,
  { login, file, generation }: SendArchiveArgs,
  opts: pulumi.CustomResourceOptions,
): SentArchive {
  const { connection, sshPrivateKey } = login;
  const source = new pulumi.asset.FileAsset(file);
  // Anybody on the host may write there; what is loaded from it is held against the image's id.
  const path = `/var/tmp/${name}.tar`;
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
