import { officialImages } from "../../settings/variants/images.ts";
import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet, imagesAreCached } from "./image-set.ts";
import { pullOfficial } from "./official-images.ts";
import { type SavedImage, savedImage } from "./saved-image.ts";

/** `registry`, `proxy` and `registry-v2` replace the official images registry:3, caddy and registry:2. */
export type RegistryImageName = "registry" | "proxy" | "registry-v2";

export const distribution: GoBinary = {
  name: "distribution",
  version: officialImages.registry.version,
  package: "github.com/distribution/distribution/v3/cmd/registry",
  binary: "registry",
  ldflags: `-X github.com/distribution/distribution/v3/version.version=v${officialImages.registry.version}`,
};

export const caddy: GoBinary = {
  name: "caddy",
  version: officialImages.proxy.version,
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

/**
 * The official image that a registry runs by default, with the path of its archive. Where it cannot be pulled, and where the
 * lab has built its own images earlier, this is the lab's own.
 */
export async function defaultImage(name: keyof typeof officialImages & RegistryImageName): Promise<SavedImage> {
  const official = officialImages[name];
  const tag = `container-registry-lab/official-${name}:${official.version}`;
  if (!(await imagesAreCached(images)) && (await pullOfficial(official, tag)))
    return savedImage(`official-${name}`, tag);
  return registryImage(name);
}

/** One of the images that a registry runs, built by the lab, with the path of its archive. */
export async function registryImage(name: RegistryImageName): Promise<SavedImage> {
  return savedImage(name, (await ensureImages(images))[name]);
}
