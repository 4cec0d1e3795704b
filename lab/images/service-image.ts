import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";
import { labImages } from "./official-images.ts";

/** Pebble is Let's Encrypt's ACME server for tests, and pebble-challtestsrv its DNS server. */
type Service = "pebble" | "pebble-challtestsrv";

const targets: readonly Service[] = ["pebble", "pebble-challtestsrv"];
const { version } = labImages.pebble;

const services: ImageSet<Service> = {
  name: "services",
  targets,
  files: [],
  binaries: targets.map(
    (binary): GoBinary => ({
      name: "pebble",
      version,
      package: `github.com/letsencrypt/pebble/v2/cmd/${binary}`,
      binary,
    }),
  ),
  official: { pebble: labImages.pebble, "pebble-challtestsrv": labImages["pebble-challtestsrv"] },
};

/** The image of one of the servers that every part of the lab needs. */
export async function serviceImage(name: Service): Promise<string> {
  return (await ensureImages(services))[name];
}
