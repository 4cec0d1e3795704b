import type { types } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../settings/connection.ts";

/** A machine that commands run on, and the key where it is an SSH target. */
export type MachineTarget = {
  connection: Connection;
  /** OpenSSH or PEM text. Used for SSH only, and not where the connection uses an agent. */
  sshPrivateKey?: pulumi.Input<string>;
};

type SshConnection = Extract<Connection, { kind: "ssh" }>;

/**
 * How often one run dials before it gives up: with the plugin's own back-off, about 5 s for a host that refuses. Each
 * failed authentication counts for tools such as fail2ban.
 */
const dialErrorLimit = 4;

/** How long one dial may take, in seconds. A host that drops packets is given up after four of them. */
const perDialTimeout = 10;

/** The command plugin's connection: the host key always pinned, the jump host's too. */
export function sshConnection(
  connection: SshConnection,
  sshPrivateKey?: pulumi.Input<string>,
): types.input.remote.ConnectionArgs {
  const credentials = connection.agent ? {} : { privateKey: sshPrivateKey };
  const { jump } = connection;
  return {
    ...sshServer(connection, credentials),
    ...(jump && { proxy: sshServer(jump, credentials) }),
  };
}

function sshServer(
  { address, port, user, hostKey }: Omit<SshConnection, "kind" | "agent" | "jump">,
  credentials: { privateKey?: pulumi.Input<string> },
) {
  return { host: address, port, user, hostKey, dialErrorLimit, perDialTimeout, ...credentials };
}
