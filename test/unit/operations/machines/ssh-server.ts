import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { connect } from "node:net";
import ssh2 from "ssh2";
import type { SshConnection } from "../../../../settings/connection.ts";

/** A private key in PEM, and its public key as in `ecdsa-sha2-nistp256 AAAA…`. */
export function newKey(): { privateKey: string; publicKey: string } {
  // Made by Node: ssh2 sometimes cannot read an ed25519 key that it made itself.
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const privateKey = pair.privateKey.export({ type: "sec1", format: "pem" }).toString();
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return { privateKey, publicKey: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}` };
}

export interface SshServer extends AsyncDisposable {
  connection: SshConnection;
  /** How many connections to other machines it has forwarded. */
  forwarded(): number;
  /** Closes every connection at once. */
  drop(): void;
}

/** Starts an SSH server that lets one key in, runs commands in this machine's shell, and forwards connections. */
export async function startSshServer(authorizedKey: string): Promise<SshServer> {
  const host = newKey();
  const clients = new Set<ssh2.Connection>();
  let forwarded = 0;
  const server = new ssh2.Server({ hostKeys: [host.privateKey] }, (client) => {
    clients.add(client);
    client.on("error", () => {});
    client.on("authentication", (attempt) => {
      const known =
        attempt.method === "publickey" && attempt.key.data.toString("base64") === authorizedKey.split(" ")[1];
      return known ? attempt.accept() : attempt.reject(["publickey"]);
    });
    client.on("session", (accept) => accept().on("exec", (accept, _reject, { command }) => runHere(accept(), command)));
    client.on("tcpip", (accept, _reject, { destIP, destPort }) => {
      forwarded++;
      const channel = accept();
      const socket = connect(destPort, destIP);
      channel.pipe(socket).pipe(channel);
      socket.on("error", () => channel.end());
      channel.on("error", () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const drop = () => {
    for (const client of clients) client.end();
  };
  return {
    connection: { kind: "ssh", address: "127.0.0.1", port, user: "root", hostKey: host.publicKey, agent: false },
    forwarded: () => forwarded,
    drop,
    [Symbol.asyncDispose]: async () => {
      drop();
      server.close();
    },
  };
}

function runHere(channel: ssh2.ServerChannel, command: string): void {
  const child = spawn("sh", ["-c", command]);
  channel.pipe(child.stdin).on("error", () => {});
  channel.on("error", () => {});
  child.stdout.on("data", (chunk) => channel.write(chunk));
  child.stderr.on("data", (chunk) => channel.stderr.write(chunk));
  child.once("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
