import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";

/** `bare`: systemd and sshd; `docker`: also Docker and Compose; `client`: also skopeo and crane; `wiki`: Docker and Debian's Caddy. */
export type MachineKind = "bare" | "docker" | "client" | "wiki";

const composeVersion = "2.40.3";

export const compose: GoBinary = {
  name: "compose",
  version: composeVersion,
  package: "github.com/docker/compose/v2/cmd",
  binary: "docker-compose",
  ldflags: `-X github.com/docker/compose/v2/internal.Version=v${composeVersion}`,
  goMod: `module lab/compose\n\ngo 1.25\n\nrequire github.com/docker/compose/v2 v${composeVersion}\n`,
};

export const crane: GoBinary = {
  name: "crane",
  version: "0.21.9",
  package: "github.com/google/go-containerregistry/cmd/crane",
  binary: "crane",
};

const machines: ImageSet<MachineKind> = {
  name: "machine",
  targets: ["bare", "docker", "client", "wiki"],
  files: ["dockerd-below-cgroup"],
  binaries: [compose, crane],
};

/** The images of the lab's machines. */
export function machineImages(): Promise<Record<MachineKind, string>> {
  return ensureImages(machines);
}
