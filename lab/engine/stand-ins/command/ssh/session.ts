import type { Client, ClientChannel } from "ssh2";
import type { Log } from "../../plugin/engine-log.ts";

/** A variable for the remote command. sshd takes those its AcceptEnv names. */
export type Variable = {
  name: string;
  value: string;
  /** Whether the command may run where sshd refuses it. */
  optional: boolean;
};

/** Starts a command, after its variables were taken. */
export function execute(client: Client, command: string, variables: Variable[], log: Log): Promise<ClientChannel> {
  if (variables.length > 0) sendFirst(client, variables, log);
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/**
 * Holds the command back until sshd has answered for each variable. ssh2 sends variables without asking, which would
 * run a command that misses them; so this steps in between its own two calls.
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

/** What ssh2 1.17 keeps to itself. */
type Internals = {
  _protocol: {
    exec(id: number, command: string, wantReply: boolean): void;
    env(id: number, name: string, value: string, wantReply: boolean): void;
  };
  _chanMgr: { _channels: Record<string, { outgoing: { id: number }; _callbacks: ((failed: unknown) => void)[] }> };
};
