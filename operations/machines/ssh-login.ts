import type { Duplex } from "node:stream";
import ssh2, { type Client, type ServerHostKeyAlgorithm } from "ssh2";
import type { SshConnection } from "../../settings/connection.ts";
import { OperationError } from "../operation-error.ts";

export type SshServer = Pick<SshConnection, "address" | "port" | "user" | "hostKey">;

/** The private key's text, or the path of the agent's socket. */
export type SshCredentials = { privateKey?: string | undefined; agent?: string };

/** How long TCP and SSH together may take until the login, in milliseconds. */
const loginTimeout = 20_000;

export type LoginOptions = {
  /** A stream to the server from a jump host. @default a TCP connection from this machine */
  through?: Duplex | undefined;
  /** Ends the login, and later the connection. */
  signal?: AbortSignal | undefined;
};

/** Logs in to an SSH server whose host key is known. */
export function logIn(
  server: SshServer,
  credentials: SshCredentials,
  { through, signal }: LoginOptions = {},
): Promise<Client> {
  const { address, port, user } = server;
  const expected = hostKey(server);
  const client = new ssh2.Client();
  let mismatch = false;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error & { level?: string }) => {
      client.destroy();
      reject(new OperationError(`${address}:${port}: ${mismatch ? otherKey : reason(error, user)}`));
    };
    const closed = () => refuse(new Error("the server closed the connection"));
    // Behind the first error may come another one, as of a connection that is reset before the handshake. And once the login
    // has succeeded, the command that uses the connection reports that it broke.
    client.on("error", () => {});
    client.once("error", refuse).once("close", closed);
    signal?.addEventListener("abort", () => client.destroy(), { once: true });
    client.once("ready", () => {
      client.off("error", refuse).off("close", closed);
      resolve(client);
    });
    client.connect({
      ...(through ? { sock: through } : { host: address, port }),
      username: user,
      ...credentials,
      readyTimeout: loginTimeout,
      keepaliveInterval: 15_000,
      algorithms: { serverHostKey: [expected.type as ServerHostKeyAlgorithm] },
      hostVerifier: (key: Buffer) => {
        mismatch = !key.equals(expected.key);
        return !mismatch;
      },
    });
  });
}

const otherKey =
  "the machine has another host key than the stack file's hostKey; compare it on the machine itself: cat /etc/ssh/ssh_host_ed25519_key.pub";

function hostKey({ address, hostKey }: SshServer): { type: string; key: Buffer } {
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw new OperationError(`${address}: hostKey is no SSH key: ${parsed.message}`);
  return { type: parsed.type, key: parsed.getPublicSSH() };
}

function reason(error: Error & { level?: string }, user: string): string {
  if (error.level === "client-authentication")
    return `SSH does not let ${user} in with this key; is its public key in the machine's authorized_keys?`;
  return `no SSH connection: ${error.message}; is the machine up, and is this its address in the stack file?`;
}
