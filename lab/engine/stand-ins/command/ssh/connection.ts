import { isMap, number, type PropertyMap, text } from "../../plugin/property.ts";

/** One machine, and how to get in. */
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
  /** For the TCP connection alone, in seconds; 0 waits as long as the system does. */
  perDialTimeout: number;
  /** As in a known_hosts or authorized_keys file: `ssh-ed25519 AAAA…`. @default any key is accepted */
  hostKey?: string;
};

/** What `connection` says once checked. */
export type Connection = Address & {
  /** A machine on the way. */
  proxy?: Address;
};

const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
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

/** The same, with the official plugin's defaults. */
export function withDefaults(connection: PropertyMap): PropertyMap {
  const proxy = connection.proxy;
  return { ...defaults, ...connection, ...(isMap(proxy) && { proxy: { ...defaults, ...proxy } }) };
}

/** Keys that no official connection has. */
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
