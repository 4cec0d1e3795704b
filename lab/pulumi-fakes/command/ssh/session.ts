import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import type { Log } from "../../plugin/engine-log.ts";

/** An environment variable for the remote command. sshd accepts those in its AcceptEnv setting. */
export type Variable = {
  name: string;
  value: string;
  /** Whether the command runs even if sshd rejects the variable. */
  optional: boolean;
};

/** A command that has started. */
export type Started = {
  channel: ClientChannel;
  /** Undefined if the command succeeded; else the error as the official plugin words it. */
  ended: Promise<string | undefined>;
};

/** Starts a command after sshd has accepted its variables. */
export function execute(client: Client, command: string, variables: Variable[], log: Log): Promise<Started> {
  if (variables.length > 0) sendFirst(client, variables, log);
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      // Listen for the end at once: start and end may arrive in one packet, before a caller that awaits the start continues.
      resolve({ channel, ended: endOf(channel) });
    });
  });
}

function endOf(channel: ClientChannel): Promise<string | undefined> {
  let reason: string | undefined = "wait: remote command exited without exit status or exit signal";
  channel.once("exit", (code: number | null, signal?: NodeJS.Signals) => {
    if (code === 0) reason = undefined;
    else if (signal === undefined) reason = `Process exited with status ${code}`;
    else
      reason = `Process exited with status ${128 + constants.signals[signal]} from signal ${signal.slice("SIG".length)}`;
  });
  return new Promise((resolve) => channel.once("close", () => resolve(reason)));
}

/**
 * Delays the command until sshd has answered for each variable. ssh2 sends variables without waiting for answers, so the
 * command would run without rejected ones; this function intercepts ssh2's internal calls.
 */
function sendFirst(client: Client, variables: Variable[], log: Log): void {
  const { _protocol: protocol, _chanMgr: channels } = client as unknown as Internals;
  const execute = protocol.exec;
  protocol.exec = async (id, command, wantReply) => {
    protocol.exec = execute;
    const channel = Object.values(channels._channels).find(({ outgoing }) => outgoing.id === id);
    const started = channel?._callbacks.pop();
    if (!channel || !started) throw new Error("ssh2 opened no channel for the command");
    for (const { name, value, optional } of variables) {
      const refused = await new Promise((resolve) => {
        channel._callbacks.push(resolve);
        protocol.env(id, name, value, true);
      });
      if (!refused) continue;
      await log.say(optional ? "warning" : "error", hint(name));
      if (!optional) return started(new Error(`could not set environment variable "${name}": ssh: setenv failed`));
    }
    channel._callbacks.push(started);
    protocol.exec(id, command, wantReply);
  };
}

function hint(name: string): string {
  return `Unable to set '${name}'. This only works if your SSH server is configured to accept
	these variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could
	prefix the command itself with the variables in the form 'VAR=value command'`;
}

/** Private members of ssh2 1.17. */
type Internals = {
  _protocol: {
    exec(id: number, command: string, wantReply: boolean): void;
    env(id: number, name: string, value: string, wantReply: boolean): void;
  };
  _chanMgr: { _channels: Record<string, { outgoing: { id: number }; _callbacks: ((failed: unknown) => void)[] }> };
};
