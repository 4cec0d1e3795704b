/** What an account may do, and where. Its password and token travel apart, in `accountsFile`. */
export type AccountRights = {
  /** Lower-case letters, digits, dots, dashes and underscores. */
  name: string;
  /** Globs of repositories it may push to, and therefore pull from. */
  push: readonly string[];
  /** Globs of repositories it may pull from; matters where reads are closed. */
  pull: readonly string[];
  /** Globs of repositories it may delete manifests and blobs in. */
  delete: readonly string[];
  /**
   * Its last day, in UTC.
   * @example "2027-03-31"
   */
  expires?: string;
};

/** How the proxy gets its certificate. */
export type ProxyTls =
  | {
      kind: "acme";
      email: string;
      /** The ACME directory's URL. */
      directory: string;
      /** Whether `proxyFiles.acmeCa` holds the CA that signed the directory's own certificate. */
      directoryCa: boolean;
    }
  /** `proxyFiles.certificate` and `proxyFiles.key`, whoever made them. */
  | { kind: "files" }
  /** Plain HTTP: passwords travel in clear. */
  | { kind: "none" };

/** The proxy in front of a registry that knows no accounts itself. */
export type ProxyConfig = {
  /** `HOST[:PORT]`, as clients write it. */
  host: string;
  tls: ProxyTls;
  listens: ProxyListener;
  accounts: readonly AccountRights[];
  /**
   * A file that has what `rights` renders, to change apart from the Caddyfile.
   * @default none: the Caddyfile has it
   */
  rightsFile?: string;
  /** Whether reading needs an account whose globs match. */
  requiresAuthForPull: boolean;
  /** Who may list the repositories: whoever may read at all, any account, nobody. */
  catalogue: "open" | "accounts" | "closed";
  /** Addresses and networks that are answered; empty answers everyone. */
  allowFrom: readonly string[];
  /** `HOST:PORT` of the registry behind, or `unix/` and the path of its socket. */
  upstream: string;
  /**
   * The registry's storage as the proxy sees it, to serve blobs from.
   * @default none: blobs come from the registry, as object storage needs
   */
  storageRoot?: string;
  /** The page at `/ui/`. @default none */
  ui?: ProxyUi;
};

/** Where the proxy listens. */
type ProxyListener =
  /** On a machine of its own: the host's port, else 443 or 80; and, beside TLS, port 80 for what leads to it. */
  | { kind: "machine" }
  /** Behind a Service or a published port, and perhaps a proxy that ends TLS. */
  | {
      kind: "service";
      /** Plain HTTP, for those inside and for a proxy in front. */
      plainPort: number;
      /** By the certificate's files. @default none */
      tlsPort?: number;
      /** Networks whose `X-Forwarded-Proto` is believed. */
      forwardedFrom: readonly string[];
    };

/** What answers at `/ui/`. */
export type ProxyUi =
  /** This project's own page, its files below `root`. */
  | { kind: "files"; root: string }
  /** Another server, `HOST:PORT`, which knows nothing of the prefix. */
  | { kind: "proxied"; upstream: string };

/** Where the proxy finds its files; the directories are mounts of its container. */
export const proxyFiles = {
  caddyfile: "/etc/caddy/Caddyfile",
  accounts: "/etc/caddy/accounts.caddy",
  certificate: "/etc/caddy/tls/cert.pem",
  key: "/etc/caddy/tls/key.pem",
  acmeCa: "/etc/caddy/tls/acme-ca.pem",
  /** The builtin UI's files, on a machine. */
  ui: "/etc/caddy/ui",
  /** A file here answers at `http://HOST/.well-known/acme-challenge/<name>`: proof that the name leads to this machine. */
  probe: "/etc/caddy/probe",
  adminSocket: "/run/caddy/admin.sock",
  /** Where the proxy asks itself whose password a request has. */
  passwordsSocket: "/run/caddy/passwords.sock",
  /** Where the proxy asks itself for the passwords that a rotation has not ended yet. */
  earlierSocket: "/run/caddy/earlier.sock",
  /** The requests of accounts. */
  accessLog: "/var/log/caddy/access.log",
  /** The requests of everybody else. */
  anonymousLog: "/var/log/caddy/anonymous.log",
} as const;
