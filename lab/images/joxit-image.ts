import { ensureImages, type ImageSet } from "./image-set.ts";
import { registryImage } from "./registry-images.ts";
import { type SavedImage, savedImage } from "./saved-image.ts";

const images: ImageSet<"joxit"> = {
  name: "joxit",
  targets: ["joxit"],
  files: ["joxit"],
  binaries: [],
  base: async () => (await registryImage("registry")).tag,
};

/** A fake for joxit/docker-registry-ui, whose image cannot be had here: it serves a page that shows its settings. */
export async function joxitImage(): Promise<SavedImage> {
  return savedImage("joxit", (await ensureImages(images)).joxit);
}
