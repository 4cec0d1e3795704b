import { officialImages } from "../../settings/variants/images.ts";
import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";
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

/** One of the images that a registry runs, with the path of its archive. */
export async function registryImage(name: RegistryImageName): Promise<SavedImage> {
  return savedImage(name, (await ensureImages(images))[name]);
}
