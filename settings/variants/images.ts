import { z } from "zod";
import { Image } from "./image.ts";

/** The default images registry:3.1.1, caddy:2.11.4 and restic:0.18.1. Each digest is that of the official multi-platform index. */
export const officialImages = {
  registry: "docker.io/library/registry@sha256:849b7d29920d060df8091770ede2279c07924ecd29e2a4c029ee0b5ea2ea542b",
  proxy: "docker.io/library/caddy@sha256:bfbff8b17bbd229b0255dbd33173646339e5afd4b0920f5e0fecbb6ee6d6c4dd",
  backup: "docker.io/restic/restic@sha256:39d9072fb5651c80d75c7a811612eb60b4c06b32ffe87c2e9f3c7222e1797e76",
};

const images = {
  registry: Image.prefault({ reference: officialImages.registry }).describe(
    "distribution; registry:3.1.1 unless given",
  ),
  proxy: Image.prefault({ reference: officialImages.proxy }).describe(
    "Caddy; caddy:2.11.4 unless given, and with `proxy: traefik` always given",
  ),
};

const description = "The images the registry runs from";

export const HostImages = z.strictObject(images).prefault({}).describe(description);

export const ClusterImages = z
  .strictObject({
    ...images,
    backup: Image.prefault({ reference: officialImages.backup }).describe(
      "restic, with a shell and an SSH client, for `backup` of variant cluster; restic:0.18.1 unless given",
    ),
  })
  .prefault({})
  .describe(description);

export type HostImages = z.output<typeof HostImages>;
