import { resolve } from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { shellWord } from "../shell.ts";
import { type MachineTarget, sshConnection } from "../transport/machine-target.ts";
import type { BuiltUi } from "./built-ui.ts";
import type { Sent } from "./send-archive.ts";
import { sendingPath } from "./sending-folder.ts";

export type SendUiArgs = {
  target: MachineTarget;
  ui: BuiltUi;
  /** When this value changes, the ui is sent again, for example because the machine was rebuilt. */
  generation: string;
};

/** Sends the ui's built files to a host over a separate connection. Pulumi's state keeps only their hash. */
export function sendUi(name: string, { target, ui, generation }: SendUiArgs, opts: pulumi.CustomResourceOptions): Sent {
  const { connection, sshPrivateKey } = target;
  const path = `${sendingPath(connection)}/${name}`;
  switch (connection.kind) {
    case "local":
      return { path: resolve(ui.directory) };
    case "docker-container": {
      const names = ui.files.map((file) => shellWord(file.name)).join(" ");
      const unpack = shellWord(`mkdir -p ${path} && tar -xf - -C ${path}`);
      const create = `tar -cf - -C ${shellWord(ui.directory)} ${names} | docker exec -i ${shellWord(connection.name)} sh -c ${unpack}`;
      return { path, sent: new local.Command(name, { create, triggers: [ui.hash, generation] }, opts) };
    }
    case "ssh": {
      const sent = new remote.CopyToRemote(
        name,
        {
          connection: sshConnection(connection, sshPrivateKey),
          // With the slash the folder's content is sent, without it the folder itself.
          source: new pulumi.asset.FileArchive(`${ui.directory}/`),
          remotePath: path,
          triggers: [generation],
        },
        opts,
      );
      return { path, sent };
    }
  }
}
