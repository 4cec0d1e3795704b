import { goBinary } from "../../lab/go/go-build.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";
import { ensurePlatform } from "../../lab/platform.ts";

/** Builds Caddy and distribution before the tests, because a build takes longer than the time limits of tests and hooks. */
export default async function setup(): Promise<void> {
  ensurePlatform("npm run test:proxy", "linux");
  for (const program of [caddy, distribution]) await goBinary(program);
}
