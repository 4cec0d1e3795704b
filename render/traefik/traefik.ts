import type { AccountRights, ProxyTls } from "../proxy/proxy-config.ts";

/** Traefik as the proxy in front of distribution. An account's rights apply to all repositories, not to single ones. */
export type Traefik = {
  /** `HOST[:PORT]`, as clients write it. */
  host: string;
  tls: ProxyTls;
  /** Accounts and their globs. An account with a glob for a right has that right to every repository. */
  accounts: readonly AccountRights[];
  /** Who may list the repositories: every account that may read, or with `closed` nobody. */
  catalogue: "open" | "accounts" | "closed";
  /** `HOST:PORT` where distribution listens. */
  upstream: string;
};

/** What an account may do. Each right has a file of users, a middleware and a router. */
export type Right = "read" | "push" | "delete";

/** Paths in Traefik's container, whose directories are mounts. */
export const traefikFiles = {
  settings: "/etc/traefik/traefik.yml",
  /** The directory that Traefik reads again at a signal. */
  dynamic: "/etc/traefik/dynamic",
  routes: "/etc/traefik/dynamic/registry.yml",
  secretsVersion: "/etc/traefik/dynamic/secrets.yml",
  users: { read: usersFile("read"), push: usersFile("push"), delete: usersFile("delete") },
  certificate: "/etc/traefik/tls/cert.pem",
  key: "/etc/traefik/tls/key.pem",
  acmeCa: "/etc/traefik/tls/acme-ca.pem",
  /** The ACME account and its certificates. */
  acmeStore: "/data/acme.json",
} as const;

/** The ports that Traefik listens on: plain HTTP, and HTTPS where there is TLS. */
export function traefikPorts({ host, tls }: Pick<Traefik, "host" | "tls">): { web: number; websecure?: number } {
  const port = host.match(/:(\d+)$/)?.[1];
  if (tls.kind === "none") return { web: Number(port ?? 80) };
  return { web: 80, websecure: Number(port ?? 443) };
}

/** The accounts with a right. Accounts with the push right may read, too. */
export function accountsWith<T extends AccountRights>(right: Right, accounts: readonly T[]): T[] {
  return accounts.filter((account) => {
    if (right === "read") return account.push.length + account.pull.length > 0;
    return account[right].length > 0;
  });
}

function usersFile(right: Right): string {
  return `/etc/traefik/accounts/${right}.htpasswd`;
}
