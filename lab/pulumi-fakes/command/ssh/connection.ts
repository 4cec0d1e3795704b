import { isMap, isSecret, number, type PropertyMap, type PropertyValue, secret, text } from "../../plugin/property.ts";

/** Address and credentials of one SSH server. */
export type Address = {
  host: string;
  port: number;
  user: string;
  password?: string;
  privateKey?: string;
  privateKeyPassword?: string;
  /** @default SSH_AUTH_SOCK, if set */
  agentSocketPath?: string;
  /** Failed dials until it gives up; -1 never does. */
  dialErrorLimit: number;
  /** Time limit for the TCP connection, in seconds; 0: the system's limit. */
  perDialTimeout: number;
  /** As in a known_hosts or authorized_keys file: `ssh-ed25519 AAAA…`. @default any key is accepted */
  hostKey?: string;
};

/** The checked `connection` input. */
export type Connection = Address & {
  /** The jump host. */
  proxy?: Address;
};

const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
const secretFields = new Set<string>(["password", "privateKey", "privateKeyPassword"] satisfies (keyof Address)[]);
const known = new Set<string>([
  "host",
  "port",
  "user",
  "password",
  "privateKey",
  "privateKeyPassword",
  "agentSocketPath",
  "dialErrorLimit",
  "perDialTimeout",
  "hostKey",
  "proxy",
] satisfies (keyof Connection)[]);

/** The connection that checked inputs describe. */
export function connectionFrom(map: PropertyMap): Connection {
  const proxy = map.proxy;
  return { ...addressFrom(map), ...(isMap(proxy) && { proxy: addressFrom(proxy) }) };
}

/**
 * A connection as the official plugin's Check returns it: with defaults, and each secret field a secret inside the connection,
 * which is a secret as a whole. A state without these would show a change under the official plugin.
 *
 * @see pulumi-command 1.2.1: remote/connection.go, remote/proxyConnection.go; pulumi-go-provider 1.3.0:
 *   infer/apply_defaults.go, infer/apply_secrets.go
 */
export function checkedAddress(address: PropertyMap): PropertyMap {
  const given = Object.entries(address).filter(([, value]) => value !== null);
  return { ...defaults, ...Object.fromEntries(given.map(([key, value]) => [key, checkedField(key, value)])) };
}

function checkedField(key: string, value: PropertyValue): PropertyValue {
  if (secretFields.has(key)) return secret(value);
  if (key !== "proxy") return value;
  if (isSecret(value)) return secret(checkedField(key, value.value ?? null));
  return isMap(value) ? checkedAddress(value) : value;
}

/** Keys that a connection of the official plugin does not have. */
export function unknownKeys(connection: PropertyMap): string[] {
  const own = Object.keys(connection).filter((key) => !known.has(key));
  return isMap(connection.proxy) ? [...own, ...unknownKeys(connection.proxy).map((key) => `proxy.${key}`)] : own;
}

function addressFrom(map: PropertyMap): Address {
  return {
    host: text(map.host) ?? "",
    port: number(map.port) ?? defaults.port,
    user: text(map.user) ?? defaults.user,
    password: text(map.password),
    privateKey: text(map.privateKey),
    privateKeyPassword: text(map.privateKeyPassword),
    agentSocketPath: text(map.agentSocketPath),
    dialErrorLimit: number(map.dialErrorLimit) ?? defaults.dialErrorLimit,
    perDialTimeout: number(map.perDialTimeout) ?? defaults.perDialTimeout,
    hostKey: text(map.hostKey),
  };
}
