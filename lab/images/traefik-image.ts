import { traefik } from "../cluster/programs.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";
import { registryImage } from "./registry-images.ts";
import { type SavedImage, savedImage } from "./saved-image.ts";

const images: ImageSet<"traefik"> = {
  name: "traefik",
  targets: ["traefik"],
  files: ["traefik-entrypoint.sh"],
  binaries: [traefik],
  base: async () => (await registryImage("registry")).tag,
};

/** Replaces the official traefik image: Traefik built from its Go modules. */
export async function traefikImage(): Promise<SavedImage> {
  return savedImage("traefik", (await ensureImages(images)).traefik);
}
