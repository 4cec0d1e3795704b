import type { types } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../settings/connection.ts";

/** A machine, and what opens its door. */
export type Login = {
  connection: Connection;
  /** OpenSSH or PEM text. Not read where the connection uses an agent, or is none of SSH. */
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
    ...door(connection, credentials),
    ...(jump && { proxy: door(jump, credentials) }),
  };
}

function door(
  { address, port, user, hostKey }: Omit<SshConnection, "kind" | "agent" | "jump">,
  credentials: { privateKey?: pulumi.Input<string> },
) {
  return { host: address, port, user, hostKey, dialErrorLimit, perDialTimeout, ...credentials };
}
