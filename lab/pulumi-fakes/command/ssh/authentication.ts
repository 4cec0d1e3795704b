import { connect } from "node:net";
import ssh2, { type AnyAuthMethod } from "ssh2";
import type { Address } from "./connection.ts";

/** The client's authentication methods, and the server's expected host key. */
export type Authentication = {
  methods: AnyAuthMethod[];
  /** @default any key is accepted */
  hostKey?: { type: string; key: Buffer };
};

/**
 * Reads the keys of an address. An unreadable key or an agent that does not answer fails at once, since retries would not
 * help.
 */
export async function authentication(address: Address): Promise<Authentication> {
  const agent = address.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  if (agent) await answers(agent);
  return {
    methods: methods(address, agent),
    hostKey: address.hostKey === undefined ? undefined : parsedHostKey(address.hostKey),
  };
}

/** In the official plugin's order: the key, or else the agent's keys; then the password. */
function methods({ user: username, password, privateKey, privateKeyPassword }: Address, agent = ""): AnyAuthMethod[] {
  const found: AnyAuthMethod[] = [];
  if (privateKey !== undefined)
    found.push({ type: "publickey", username, key: parsedKey(privateKey, privateKeyPassword) });
  // Only where no key was given: the official plugin's SSH library tries one "publickey" method.
  else if (agent) found.push({ type: "agent", username, agent });
  if (password !== undefined) {
    found.push({ type: "password", username, password });
    found.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
    });
  }
  return found;
}

function parsedHostKey(line: string): { type: string; key: Buffer } {
  const parsed = ssh2.utils.parseKey(line);
  if (parsed instanceof Error || parsed.isPrivateKey()) throw new Error("failed to parse host key: ssh: no key found");
  return { type: parsed.type, key: parsed.getPublicSSH() };
}

function parsedKey(text: string, passphrase: string | undefined) {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (!(parsed instanceof Error)) return parsed;
  if (/no passphrase/i.test(parsed.message)) throw new Error("ssh: this private key is passphrase protected");
  if (passphrase !== undefined) throw new Error("x509: decryption password incorrect");
  throw new Error("ssh: no key found");
}

function answers(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", (error) => reject(new Error(`dial unix ${path}: ${error.message}`)));
  });
}
