import type { AccountRights, ProxyTls } from "../proxy/proxy-config.ts";

/** Traefik in front of a registry that knows no accounts itself: whole rights, by account and by method, and no paths. */
export type Traefik = {
  /** `HOST[:PORT]`, as clients write it. */
  host: string;
  tls: ProxyTls;
  /** Each right is that to every repository, or none. */
  accounts: readonly AccountRights[];
  /** Who may list the repositories: whoever may read, or nobody. */
  catalogue: "open" | "accounts" | "closed";
  /** `HOST:PORT` of the registry behind. */
  upstream: string;
};

/** What an account may do; each has its file of users, its middleware and its router. */
export type Right = "read" | "push" | "delete";

/** Where Traefik finds its files; the directories are mounts of its container. */
export const traefikFiles = {
  settings: "/etc/traefik/traefik.yml",
  /** What it reads again when it is told to. */
  dynamic: "/etc/traefik/dynamic",
  routes: "/etc/traefik/dynamic/registry.yml",
  secretsMark: "/etc/traefik/dynamic/secrets.yml",
  users: { read: usersFile("read"), push: usersFile("push"), delete: usersFile("delete") },
  certificate: "/etc/traefik/tls/cert.pem",
  key: "/etc/traefik/tls/key.pem",
  acmeCa: "/etc/traefik/tls/acme-ca.pem",
  /** The ACME account and its certificates. */
  acmeStore: "/data/acme.json",
} as const;

/** The ports it listens on: what clients come to, and plain HTTP beside TLS. */
export function traefikPorts({ host, tls }: Pick<Traefik, "host" | "tls">): { web: number; websecure?: number } {
  const port = host.match(/:(\d+)$/)?.[1];
  if (tls.kind === "none") return { web: Number(port ?? 80) };
  return { web: 80, websecure: Number(port ?? 443) };
}

/** The accounts with a right. Who may push may read, too. */
export function accountsWith<T extends AccountRights>(right: Right, accounts: readonly T[]): T[] {
  return accounts.filter((account) => {
    if (right === "read") return account.push.length + account.pull.length > 0;
    return account[right].length > 0;
  });
}

function usersFile(right: Right): string {
  return `/etc/traefik/accounts/${right}.htpasswd`;
}
