import type { Duplex } from "node:stream";
import ssh2, { type AnyAuthMethod, type Client, type ServerHostKeyAlgorithm } from "ssh2";
import { parsedHostKey } from "./authentication.ts";
import type { Address } from "./connection.ts";

/** An SSH connection over an open stream, or the failure in the official plugin's words. */
export function handshake(stream: Duplex, address: Address, methods: AnyAuthMethod[]): Promise<Client> {
  const expected = address.hostKey === undefined ? undefined : parsedHostKey(address.hostKey);
  const client = new ssh2.Client();
  let mismatch = false;

  return new Promise((resolve, reject) => {
    const refuse = (error: Error & { level?: string }) => {
      client.destroy();
      stream.destroy();
      const why = mismatch ? "ssh: host key mismatch" : reason(error, methods, expected?.type);
      reject(new Error(`ssh: handshake failed: ${why}`));
    };
    const closed = () => refuse(new Error("EOF"));
    client.once("error", refuse);
    client.once("close", closed);
    client.once("ready", () => {
      client.off("error", refuse).off("close", closed);
      // From here on, a broken connection shows in whatever runs over it.
      client.on("error", () => {});
      resolve(client);
    });
    client.connect({
      sock: stream,
      username: address.user,
      authHandler: methods,
      // The official plugin's time limit is for the TCP connection alone.
      readyTimeout: 0,
      ...(expected && {
        algorithms: { serverHostKey: [expected.type as ServerHostKeyAlgorithm] },
        hostVerifier: (key: Buffer) => {
          mismatch = !key.equals(expected.key);
          return !mismatch;
        },
      }),
    });
  });
}

function reason(error: Error & { level?: string }, methods: AnyAuthMethod[], keyType: string | undefined): string {
  if (error.level === "client-authentication") {
    const tried = new Set(["none", ...methods.map(({ type }) => (type === "agent" ? "publickey" : type))]);
    return `ssh: unable to authenticate, attempted methods [${[...tried].join(" ")}], no supported methods remain`;
  }
  if (/no matching host key format/.test(error.message))
    return `ssh: no common algorithm for host key; client offered: [${keyType}]`;
  return /before handshake|ended by/i.test(error.message) ? "EOF" : error.message;
}
