import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { SshConnection } from "../../settings/connection.ts";
import { OperationError } from "../operation-error.ts";
import { lineSplitter } from "./lines.ts";
import type { Shell, ShellIo } from "./shell.ts";
import { logIn } from "./ssh-login.ts";

/** Opens an SSH connection, through the jump host if there is one, over which commands then run. `signal` ends it. */
export async function openSshShell(
  connection: SshConnection,
  sshPrivateKey: string | undefined,
  signal?: AbortSignal,
): Promise<Shell> {
  const { address, port, jump } = connection;
  const key = credentials(connection, sshPrivateKey);
  const gateway = jump && (await logIn(jump, key, { signal }));
  try {
    const through = gateway && (await forward(gateway, address, port));
    const client = await logIn(connection, key, { through, signal });
    return {
      execute: (command, io) => execute(client, `${address}:${port}`, command, io),
      [Symbol.asyncDispose]: async () => {
        client.end();
        gateway?.end();
      },
    };
  } catch (error) {
    gateway?.end();
    throw error;
  }
}

function credentials({ agent, address }: SshConnection, privateKey: string | undefined) {
  if (!agent) return { privateKey };
  if (process.env.SSH_AUTH_SOCK) return { agent: process.env.SSH_AUTH_SOCK };
  throw new OperationError(
    `${address}: the connection says agent: true, but no SSH agent runs here (SSH_AUTH_SOCK is not set); start one: eval "$(ssh-agent)" && ssh-add`,
  );
}

function forward(gateway: Client, address: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    gateway.forwardOut("127.0.0.1", 0, address, port, (error, stream) => {
      if (!error) return resolve(stream);
      reject(new OperationError(`${address}:${port}: the jump host cannot connect to it: ${error.message}`));
    });
  });
}

function execute(client: Client, server: string, command: string, { stdin, stdout: sink, onLine }: ShellIo) {
  return new Promise<{ stdout: string; exitCode: number }>((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(new OperationError(`${server}: SSH runs no command: ${error.message}`));
      const stdout: Buffer[] = [];
      const messages = lineSplitter(onLine);
      let exitCode: number | undefined;
      if (sink) channel.pipe(sink);
      else channel.on("data", (chunk: Buffer) => stdout.push(chunk));
      channel.stderr.on("data", (chunk: Buffer) => messages.write(chunk));
      channel.once("exit", (code: number | null) => {
        exitCode = code ?? 1;
      });
      channel.once("close", () => {
        messages.end();
        if (exitCode === undefined)
          return reject(new OperationError(`${server}: the SSH connection ended before the script did; try again`));
        resolve({ stdout: Buffer.concat(stdout).toString(), exitCode });
      });
      // A script may end before it has read all of its input.
      channel.on("error", () => {});
      if (typeof stdin === "string") channel.end(stdin);
      else stdin.pipe(channel);
    });
  });
}
