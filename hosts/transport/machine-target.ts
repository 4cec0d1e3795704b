import type { types } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../settings/connection.ts";

/** A machine that commands run on, and the private key if the machine is an SSH target. */
export type MachineTarget = {
  connection: Connection;
  /** OpenSSH or PEM text. Used for SSH only, and not where the connection uses an agent. */
  sshPrivateKey?: pulumi.Input<string>;
};

type SshConnection = Extract<Connection, { kind: "ssh" }>;

/**
 * How often one run tries to connect before it fails. With the command plugin's own pauses that is about 5 s for a host
 * that refuses connections. The limit is low because tools such as fail2ban count each failed authentication.
 */
const dialErrorLimit = 4;

/** How long one attempt to connect may take, in seconds. A host that drops packets fails after four attempts. */
const perDialTimeout = 10;

/** The connection in the command plugin's format. The host keys of the machine and of the jump host are always pinned. */
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
