import { goBinary } from "../../lab/go/go-build.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";

/** Builds Caddy and distribution before the tests, because a build takes longer than the time limits of tests and hooks. */
export default async function setup(): Promise<void> {
  for (const program of [caddy, distribution]) await goBinary(program);
}
