import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { docker } from "./docker.ts";
import { exists } from "./exists.ts";
import type { GoBinary } from "./go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";

/** `registry` and `proxy` stand in for the official registry:3 and caddy, `registry-v2` for registry:2. */
export type RegistryImageName = "registry" | "proxy" | "registry-v2";

export type RegistryImage = {
  /** In the Docker that runs the lab. */
  tag: string;
  /** `sha256:…` of its configuration: how a host names it once the archive is loaded. */
  id: string;
  /** Path of a `docker save` of it. */
  archive: string;
};

export const distribution: GoBinary = {
  name: "distribution",
  version: "3.1.1",
  package: "github.com/distribution/distribution/v3/cmd/registry",
  binary: "registry",
  ldflags: "-X github.com/distribution/distribution/v3/version.version=v3.1.1",
};

export const caddy: GoBinary = {
  name: "caddy",
  version: "2.11.4",
  package: "github.com/caddyserver/caddy/v2/cmd/caddy",
  binary: "caddy",
};

const images: ImageSet<RegistryImageName> = {
  name: "registry",
  targets: ["registry", "proxy", "registry-v2"],
  files: ["registry-config.yml", "registry-entrypoint.sh", "Caddyfile"],
  binaries: [distribution, caddy],
  imported: {
    proxy: {
      stage: "proxy-files",
      folder: "/proxy",
      changes: [
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `ENV CADDY_VERSION=v${caddy.version}`,
        "ENV XDG_CONFIG_HOME=/config",
        "ENV XDG_DATA_HOME=/data",
        "EXPOSE 80 443 443/udp 2019",
        "WORKDIR /srv",
        'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
      ],
    },
  },
};

/** An image of the registry's own, and where its archive lies. */
export async function registryImage(name: RegistryImageName): Promise<RegistryImage> {
  const tag = (await ensureImages(images))[name];
  const id = await docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  const folder = join(cacheDirectory(), "images", name);
  const archive = join(folder, `${id.slice("sha256:".length)}.tar`);
  if (!(await exists(archive))) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const aside = `${archive}.${process.pid}`;
    await docker(["save", "--output", aside, tag]);
    await rename(aside, archive);
  }
  return { tag, id, archive };
}
