import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";

const pebble = { name: "pebble", version: "2.10.1" };

const services: ImageSet<"services"> = {
  name: "services",
  targets: ["services"],
  files: [],
  binaries: ["pebble", "pebble-challtestsrv"].map(
    (binary): GoBinary => ({ ...pebble, package: `github.com/letsencrypt/pebble/v2/cmd/${binary}`, binary }),
  ),
};

/** Image with Pebble, an ACME server, and its DNS server. */
export async function serviceImage(): Promise<string> {
  return (await ensureImages(services)).services;
}
