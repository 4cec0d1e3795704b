import { composeYaml, type RegistryCompose, registryAddress, storageRoot } from "../../../render/compose.ts";
import { distributionConfig } from "../../../render/distribution.ts";
import { accountsFile } from "../../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import type { ProxyConfig } from "../../../render/proxy/proxy-config.ts";
import { registryUnit } from "../../../render/systemd-unit.ts";
import { secretsMarkYaml } from "../../../render/traefik/mark.ts";
import { routesYaml } from "../../../render/traefik/routes.ts";
import { traefikYaml } from "../../../render/traefik/settings.ts";
import type { Traefik } from "../../../render/traefik/traefik.ts";
import { clusterProxies } from "./rendered-cluster.ts";
import { renderedTrust } from "./rendered-trust.ts";

/** Anonymous pull from a public host with Let's Encrypt: what most stacks say. */
const open: ProxyConfig = {
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
const service: ProxyConfig = {
  ...open,
  tls: { kind: "files" },
  listens: { kind: "service", plainPort: 5000, tlsPort: 5443, forwardedFrom: ["10.0.0.0/8", "fc00::/7"] },
  upstream: "127.0.0.1:5001",
  ui: { kind: "files", root: "/srv/ui" },
};

const pulled: RegistryCompose = {
  proxy: "caddy",
  images: {
    registry: { kind: "pulled", reference: `docker.io/library/registry@sha256:${"a".repeat(64)}` },
    proxy: { kind: "pulled", reference: `docker.io/library/caddy@sha256:${"b".repeat(64)}` },
  },
  memoryMib: { registry: 512, proxy: 256 },
  storagePath: "/srv/data/registry",
  plainPort: 80,
  registryAddress,
};

const loaded: RegistryCompose = {
  ...pulled,
  images: {
    registry: { kind: "loaded", id: `sha256:${"c".repeat(64)}` },
    proxy: { kind: "loaded", id: `sha256:${"d".repeat(64)}` },
  },
};

const withJoxit: RegistryCompose = {
  ...pulled,
  joxit: {
    image: { kind: "pulled", reference: `docker.io/joxit/docker-registry-ui@sha256:${"e".repeat(64)}` },
    host: "registry.example.org",
  },
};

/** Traefik with Let's Encrypt: the Whanos shape. */
const whanos: Traefik = {
  host: "registry.example.org",
  tls: open.tls,
  accounts: [
    { name: "jenkins", push: ["**"], pull: [], delete: ["**"] },
    { name: "cluster", push: [], pull: ["**"], delete: [] },
  ],
  catalogue: "open",
  upstream: registryAddress,
};

/** With a certificate of its own at another port, where nobody deletes or lists. */
const whanosFiles: Traefik = {
  ...whanos,
  host: "registry.example.org:8443",
  tls: { kind: "files" },
  accounts: [{ name: "jenkins", push: ["**"], pull: [], delete: [] }],
  catalogue: "closed",
};

const whanosPlain: Traefik = { ...whanos, host: "registry.example.org:8080", tls: { kind: "none" } };

/** One rendered file of each kind, by its path among the snapshots. The parser tests read the same texts. */
export const rendered: Record<string, string> = {
  "proxy-open/Caddyfile": caddyfile(open),
  "proxy-closed/Caddyfile": caddyfile(closed),
  "proxy-directory-ca/Caddyfile": caddyfile({
    ...open,
    tls: { kind: "acme", email: "ops@example.org", directory: "https://acme.example.org/dir", directoryCa: true },
    catalogue: "accounts",
  }),
  "proxy-plain/Caddyfile": caddyfile({ ...open, tls: { kind: "none" }, accounts: [] }),
  "proxy-object-storage/Caddyfile": caddyfile({ ...open, storageRoot: undefined }),
  "proxy-service/Caddyfile": caddyfile(service),
  "proxy-service-plain/Caddyfile": caddyfile({
    ...service,
    tls: { kind: "none" },
    listens: { kind: "service", plainPort: 5000, forwardedFrom: [] },
    ui: { kind: "proxied", upstream: "registry-ui:80" },
  }),
  "accounts/accounts.caddy": accountsFile([
    { name: "jenkins", passwordHash: `$2b$10$${"x".repeat(53)}`, token: "jenkins-token" },
    { name: "team-a", passwordHash: `$2b$10$${"y".repeat(53)}`, token: "team-a-token" },
  ]),
  "accounts-none/accounts.caddy": accountsFile([]),
  "accounts-rotating/accounts.caddy": accountsFile([
    {
      name: "jenkins",
      passwordHash: `$2b$10$${"x".repeat(53)}`,
      token: "jenkins-token",
      previous: { passwordHash: `$2b$10$${"z".repeat(53)}`, token: "jenkins-token-before" },
      rotated: true,
    },
    { name: "team-a", passwordHash: `$2b$10$${"y".repeat(53)}`, token: "team-a-token" },
  ]),
  "accounts-rotated/accounts.caddy": accountsFile([
    { name: "jenkins", passwordHash: `$2b$10$${"x".repeat(53)}`, token: "jenkins-token", rotated: true },
  ]),
  "compose-pulled/compose.yaml": composeYaml(pulled),
  "compose-loaded/compose.yaml": composeYaml(loaded),
  "compose-joxit/compose.yaml": composeYaml(withJoxit),
  "compose-traefik/compose.yaml": composeYaml({
    ...pulled,
    proxy: "traefik",
    images: {
      ...pulled.images,
      proxy: { kind: "pulled", reference: `docker.io/library/traefik@sha256:${"f".repeat(64)}` },
    },
  }),
  "traefik-acme/traefik.yml": traefikYaml(whanos),
  "traefik-acme/registry.yml": routesYaml(whanos),
  "traefik-files/traefik.yml": traefikYaml(whanosFiles),
  "traefik-files/registry.yml": routesYaml(whanosFiles),
  "traefik-plain/traefik.yml": traefikYaml(whanosPlain),
  "traefik-plain/registry.yml": routesYaml(whanosPlain),
  "traefik-secrets/secrets.yml": secretsMarkYaml(["jenkins:a hash of the snapshots\n"]),
  "distribution/config.yml": distributionConfig({
    address: registryAddress,
    storage: { kind: "filesystem", root: storageRoot },
    httpSecret: "secret of the snapshots",
  }),
  "distribution-s3/config.yml": distributionConfig({
    address: registryAddress,
    storage: {
      kind: "s3",
      endpoint: "https://s3.example.org",
      bucket: "registry-images",
      region: "eu-central-1",
      pathStyle: true,
      accessKey: "access key of the snapshots",
      secretKey: "secret key of the snapshots",
    },
    httpSecret: "secret of the snapshots",
  }),
  "systemd/container-registry.service": registryUnit(),
  ...renderedTrust,
  ...clusterProxies,
};
