import { registryAddress, storageRoot } from "../../../render/compose.ts";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import type { ProxyConfig } from "../../../render/proxy/proxy-config.ts";

/** Anonymous pull from a public host with Let's Encrypt: what most stacks say. */
export const open: ProxyConfig = {
  host: "registry.example.org",
  tls: {
    kind: "acme",
    email: "ops@example.org",
    directory: "https://acme-v02.api.letsencrypt.org/directory",
    directoryCa: false,
  },
  accounts: [
    { name: "jenkins", push: ["**"], pull: [], delete: ["**"] },
    { name: "team-a", push: ["docker-internal/p2c/team-a/**", "docker-internal/*/base"], pull: [], delete: [] },
  ],
  requiresAuthForPull: false,
  catalogue: "open",
  listens: { kind: "machine" },
  allowFrom: [],
  upstream: registryAddress,
  storageRoot,
};

/** Closed in every way, with a certificate of the organisation's own and an account that ends. */
const closed: ProxyConfig = {
  ...open,
  host: "registry.example.org:8443",
  tls: { kind: "files" },
  accounts: [...open.accounts, { name: "dana", push: [], pull: ["**"], delete: [], expires: "2027-03-31" }],
  requiresAuthForPull: true,
  catalogue: "closed",
  allowFrom: ["10.0.0.0/8", "2001:db8::/32"],
};

/** In a pod: behind an Ingress that ends TLS, and with its own for a load balancer. */
export const service: ProxyConfig = {
  ...open,
  tls: { kind: "files" },
  listens: { kind: "service", plainPort: 5000, tlsPort: 5443, forwardedFrom: ["10.0.0.0/8", "fc00::/7"] },
  upstream: "127.0.0.1:5001",
  ui: { kind: "files", root: "/srv/ui" },
};

/** Globs with and without wildcards. */
export const immutableTags = [
  { repository: "docker-internal/**", tag: "v*" },
  { repository: "shop", tag: "1.0" },
];

/** Caddyfiles without a snapshot. The parser tests read them, and caddyfile-variants.test.ts says how they differ. */
export const unrecordedCaddyfiles: Record<string, string> = {
  "proxy-closed/Caddyfile": caddyfile(closed),
  "proxy-directory-ca/Caddyfile": caddyfile({
    ...open,
    tls: { kind: "acme", email: "ops@example.org", directory: "https://acme.example.org/dir", directoryCa: true },
    catalogue: "accounts",
  }),
  "proxy-plain/Caddyfile": caddyfile({ ...open, tls: { kind: "none" }, accounts: [] }),
  "proxy-object-storage/Caddyfile": caddyfile({ ...open, storageRoot: undefined }),
  "proxy-immutable-tags/Caddyfile": caddyfile({ ...open, immutableTags }),
  "proxy-immutable-tags-object-storage/Caddyfile": caddyfile({ ...open, storageRoot: undefined, immutableTags }),
  "proxy-collected/Caddyfile": caddyfile({ ...open, collected: true }),
  "proxy-closed-collected/Caddyfile": caddyfile({
    ...closed,
    collected: true,
    immutableTags: [{ repository: "team-a/**", tag: "v*" }],
  }),
  "proxy-service/Caddyfile": caddyfile(service),
  "proxy-service-plain/Caddyfile": caddyfile({
    ...service,
    tls: { kind: "none" },
    listens: { kind: "service", plainPort: 5000, forwardedFrom: [] },
    ui: { kind: "proxied", upstream: "registry-ui:80" },
  }),
};
