/**
 * An account's rights, by repository. The account's password hash and token are in the file that `accountsFile`
 * renders.
 */
export type AccountRights = {
  /** Lower-case letters, digits, dots, dashes and underscores. */
  name: string;
  /** Globs of repositories that the account may push to, and therefore pull from. */
  push: readonly string[];
  /** Globs of repositories that the account may pull from, if `requiresAuthForPull` is true. */
  pull: readonly string[];
  /** Globs of repositories that the account may delete manifests and blobs in. */
  delete: readonly string[];
  /**
   * Its last day, in UTC.
   * @example "2027-03-31"
   */
  expires?: string;
};

/** Tags of repositories: a tag is meant if both globs match. */
export type ImmutableTagGlobs = {
  repository: string;
  /** `*` is any characters, also none. */
  tag: string;
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
  /** From `proxyFiles.certificate` and `proxyFiles.key`. */
  | { kind: "files" }
  /** Plain HTTP: passwords are sent unencrypted. */
  | { kind: "none" };

/** The proxy in front of a registry that knows no accounts itself. */
export type ProxyConfig = {
  /** `HOST[:PORT]`, as clients write it. */
  host: string;
  tls: ProxyTls;
  listens: ProxyListener;
  accounts: readonly AccountRights[];
  /**
   * A file with the text of `rightsFile`, so that rights can change while the Caddyfile stays.
   * @default none: the Caddyfile has it
   */
  rightsFile?: string;
  /** Whether pushes and deletions are answered 503, since the registry moves to another host. @default false */
  readOnly?: boolean;
  /** Whether reading needs an account whose globs match. */
  requiresAuthForPull: boolean;
  /** Who may list the repositories: every client that may read, every account, nobody. */
  catalogue: "open" | "accounts" | "closed";
  /** Tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly ImmutableTagGlobs[];
  /** Addresses and networks of allowed clients; empty allows every client. */
  allowFrom: readonly string[];
  /** Where distribution listens: `HOST:PORT`, or `unix/` and the path of its socket. */
  upstream: string;
  /**
   * The registry's storage as the proxy sees it, to serve blobs from.
   * @default none: blobs come from the registry, as object storage needs
   */
  storageRoot?: string;
  /**
   * Whether garbage is collected in the registry's storage while clients push. The proxy then holds writes for a moment when
   * the collector asks for it. @default false
   */
  collected?: boolean;
  /** What answers at `/ui/`. @default none */
  ui?: ProxyUi;
  /** Who may read the metrics at `/metrics/`. @default nobody: there are none */
  metrics?: ProxyMetrics | undefined;
};

/** The metrics that the proxy hands out. */
export type ProxyMetrics = {
  /** The account that may read them. */
  account: string;
  /** `HOST:PORT` of distribution's own metrics. */
  registry: string;
  /** Whether a timer of the machine writes `hostMetrics`. */
  ofHost: boolean;
};

/** Where the proxy listens. */
type ProxyListener =
  /** On a machine: the host's port, or else 443 or 80. With TLS also port 80, which redirects. */
  | { kind: "machine" }
  /** Behind a Service or a published port, perhaps with another proxy in front that ends TLS. */
  | {
      kind: "service";
      /** Plain HTTP, for pods and nodes, and for a proxy in front. */
      plainPort: number;
      /** HTTPS with the certificate's files. @default none */
      tlsPort?: number;
      /** Networks whose `X-Forwarded-Proto` is trusted. */
      forwardedFrom: readonly string[];
    };

/** What answers at `/ui/`. */
export type ProxyUi =
  /** The builtin UI, whose files are below `root`. */
  | { kind: "files"; root: string }
  /** Another server, `HOST:PORT`, which does not know the prefix `/ui`. */
  | { kind: "proxied"; upstream: string };

/** Paths in the proxy's container, whose directories are mounts. */
export const proxyFiles = {
  caddyfile: "/etc/caddy/Caddyfile",
  accounts: "/etc/caddy/accounts.caddy",
  certificate: "/etc/caddy/tls/cert.pem",
  key: "/etc/caddy/tls/key.pem",
  acmeCa: "/etc/caddy/tls/acme-ca.pem",
  /** The builtin UI's files, on a machine. */
  ui: "/etc/caddy/ui",
  /**
   * The directory of files that are served at `http://HOST/.well-known/acme-challenge/NAME`. A request for such a file
   * proves that the host's name leads to this machine.
   */
  probe: "/etc/caddy/probe",
  /** Metrics of the stack's own settings: when accounts and passwords end. */
  stackMetrics: "/etc/caddy/stack.prom",
  /** Metrics of the machine that the registry runs on. */
  hostMetrics: "/etc/caddy/host.prom",
  adminSocket: "/run/caddy/admin.sock",
  /** The folder of reload.sh, which makes requests wait while the proxy reloads. */
  holds: "/run/caddy/hold",
  /** The socket of the proxy's own site that checks passwords. */
  passwordsSocket: "/run/caddy/passwords.sock",
  /** The socket of the proxy's own site that checks passwords from before a rotation. */
  earlierSocket: "/run/caddy/earlier.sock",
  /** The socket of the proxy's own sites that decide about requests that concern immutable tags. */
  immutableTagsSocket: "/run/caddy/immutable-tags.sock",
  /** The socket of the proxy's own site for writes that waited while garbage was collected. */
  writesSocket: "/run/caddy/writes.sock",
  /** The log of requests by accounts. */
  accessLog: "/var/log/caddy/access.log",
  /** The log of all other requests. */
  anonymousLog: "/var/log/caddy/anonymous.log",
} as const;
