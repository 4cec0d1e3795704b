import { z } from "zod";
import { Image } from "./image.ts";

/** An official image. Its digest is that of the index of all platforms. Renovate writes version and digest: renovate.json. */
type OfficialImage = { image: string; version: string; digest: string };

/** The default images: distribution, Caddy, and restic for backups in a cluster. */
export const officialImages = {
  registry: {
    image: "docker.io/library/registry",
    version: "3.1.1",
    digest: "sha256:849b7d29920d060df8091770ede2279c07924ecd29e2a4c029ee0b5ea2ea542b",
  },
  proxy: {
    image: "docker.io/library/caddy",
    version: "2.11.4",
    digest: "sha256:bfbff8b17bbd229b0255dbd33173646339e5afd4b0920f5e0fecbb6ee6d6c4dd",
  },
  backup: {
    image: "docker.io/restic/restic",
    version: "0.18.1",
    digest: "sha256:39d9072fb5651c80d75c7a811612eb60b4c06b32ffe87c2e9f3c7222e1797e76",
  },
} satisfies Record<string, OfficialImage>;

/** The image's reference, by its digest alone. */
export function officialReference({ image, digest }: OfficialImage): string {
  return `${image}@${digest}`;
}

const { registry, proxy, backup } = officialImages;

const images = {
  registry: Image.prefault({ reference: officialReference(registry) }).describe(
    `distribution; registry:${registry.version} unless given`,
  ),
  proxy: Image.prefault({ reference: officialReference(proxy) }).describe(
    `Caddy; caddy:${proxy.version} unless given, and with \`proxy: traefik\` always given`,
  ),
};

const description = "The images the registry runs from";

export const HostImages = z.strictObject(images).prefault({}).describe(description);

export const ClusterImages = z
  .strictObject({
    ...images,
    backup: Image.prefault({ reference: officialReference(backup) }).describe(
      `restic, with a shell and an SSH client, for \`backup\` of variant cluster; restic:${backup.version} unless given`,
    ),
  })
  .prefault({})
  .describe(description);

export type HostImages = z.output<typeof HostImages>;
