import { collectTimer, collectUnit } from "../../../render/collection/units.ts";
import { composeYaml, type RegistryCompose, registryAddress, storageRoot } from "../../../render/compose.ts";
import { distributionConfig } from "../../../render/distribution.ts";
import { accountsFile } from "../../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import { registryUnit } from "../../../render/systemd-unit.ts";
import { routesYaml } from "../../../render/traefik/routes.ts";
import { traefikYaml } from "../../../render/traefik/settings.ts";
import type { Traefik } from "../../../render/traefik/traefik.ts";
import { secretsVersionYaml } from "../../../render/traefik/version-header.ts";
import { clusterProxies } from "./rendered-cluster.ts";
import { open } from "./rendered-proxies.ts";
import { renderedTrust } from "./rendered-trust.ts";

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
    },
    { name: "team-a", passwordHash: `$2b$10$${"y".repeat(53)}`, token: "team-a-token" },
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
  "traefik-secrets/secrets.yml": secretsVersionYaml(["jenkins:a hash of the snapshots\n"]),
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
  "systemd/container-registry.service": registryUnit({ storagePath: "/srv/data/registry" }),
  "systemd/container-registry-collect.service": collectUnit(),
  "systemd/container-registry-collect.timer": collectTimer({ schedule: "Sun 03:00", graceDays: 7 }),
  ...renderedTrust,
  ...clusterProxies,
};
