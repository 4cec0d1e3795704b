import { officialImages } from "../../settings/variants/images.ts";
import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";
import { registryImage } from "./registry-images.ts";

const { version } = officialImages.backup;

const restic: GoBinary = {
  name: "restic",
  version,
  package: "github.com/restic/restic/cmd/restic",
  binary: "restic",
  goMod: `module lab/restic\n\ngo 1.25\n\nrequire github.com/restic/restic v${version}\n`,
};

const images: ImageSet<"restic"> = {
  name: "restic",
  targets: ["restic"],
  files: [],
  binaries: [restic],
  base: async () => (await registryImage("registry")).tag,
};

/** The tag of the image that replaces the official restic image: restic built from its Go modules. */
export async function resticImage(): Promise<string> {
  return (await ensureImages(images)).restic;
}
