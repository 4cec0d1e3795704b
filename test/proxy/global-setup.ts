import { goBinary } from "../../lab/go/go-build.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";

/** Builds what nearly every proxy here is made of: neither a test nor its hooks have the time. */
export default async function setup(): Promise<void> {
  for (const program of [caddy, distribution]) await goBinary(program);
}
