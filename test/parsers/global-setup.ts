import { actionlint } from "../../lab/ci/actionlint.ts";
import { containerd } from "../../lab/cluster/programs.ts";
import { cue } from "../../lab/go/cue.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { compose } from "../../lab/images/machine-image.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";
import { ensurePlatform } from "../../lab/platform.ts";
import { installPrograms } from "../install-programs.ts";

/** All parsers: those that are Debian packages, and those built from Go modules. Neither a test nor its hooks have the time. */
export default async function setup(): Promise<void> {
  ensurePlatform("npm test", "linux");
  await installPrograms({
    "/usr/bin/containerd": ["containerd"],
    skopeo: ["skopeo"],
    "systemd-analyze": ["systemd"],
  });
  for (const program of [caddy, compose, distribution, cue, actionlint, ...containerd.slice(0, 1)])
    await goBinary(program);
}
