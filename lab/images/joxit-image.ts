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

/** A fake of the image joxit/docker-registry-ui: it serves an HTML document that shows the settings it was started with. */
export async function joxitImage(): Promise<SavedImage> {
  return savedImage("joxit", (await ensureImages(images)).joxit);
}
