import type { Duplex } from "node:stream";
import ssh2, { type Client, type ServerHostKeyAlgorithm } from "ssh2";
import type { Authentication } from "./authentication.ts";

/** Starts SSH over an open stream. Errors are worded as in the official plugin. */
export function handshake(stream: Duplex, user: string, { methods, hostKey }: Authentication): Promise<Client> {
  const client = new ssh2.Client();
  let mismatch = false;

  return new Promise((resolve, reject) => {
    const refuse = (error: Error & { level?: string }) => {
      client.destroy();
      stream.destroy();
      const why = mismatch ? "ssh: host key mismatch" : reason(error, { methods, hostKey });
      reject(new Error(`ssh: handshake failed: ${why}`));
    };
    const closed = () => refuse(new Error("EOF"));
    client.once("error", refuse);
    client.once("close", closed);
    client.once("ready", () => {
      client.off("error", refuse).off("close", closed);
      // From here on, a broken connection is reported by the command that uses it.
      client.on("error", () => {});
      resolve(client);
    });
    client.connect({
      sock: stream,
      username: user,
      authHandler: methods,
      // The official plugin limits only the time of the TCP connection.
      readyTimeout: 0,
      ...(hostKey && {
        algorithms: { serverHostKey: [hostKey.type as ServerHostKeyAlgorithm] },
        hostVerifier: (key: Buffer) => {
          mismatch = !key.equals(hostKey.key);
          return !mismatch;
        },
      }),
    });
  });
}

function reason(error: Error & { level?: string }, { methods, hostKey }: Authentication): string {
  if (error.level === "client-authentication") {
    const tried = new Set(["none", ...methods.map(({ type }) => (type === "agent" ? "publickey" : type))]);
    return `ssh: unable to authenticate, attempted methods [${[...tried].join(" ")}], no supported methods remain`;
  }
  if (/no matching host key format/.test(error.message))
    return `ssh: no common algorithm for host key; client offered: [${hostKey?.type}]`;
  return /before handshake|ended by/i.test(error.message) ? "EOF" : error.message;
}
