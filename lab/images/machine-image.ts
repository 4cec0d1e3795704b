import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "./image-set.ts";
import { labImages } from "./official-images.ts";

const composeVersion = labImages.compose.version.replace("v", "");

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

const composeImages: ImageSet<"compose"> = {
  name: "compose",
  targets: ["compose"],
  files: [],
  binaries: [compose],
  official: { compose: labImages.compose },
};

/** The image that the machines' Compose is copied from. */
export async function composeImage(): Promise<string> {
  return (await ensureImages(composeImages)).compose;
}

const machines: ImageSet<"bare" | "docker"> = {
  name: "machine",
  targets: ["bare", "docker"],
  files: ["boot", "dockerd-below-cgroup"],
  binaries: [],
  sources: { COMPOSE: composeImage },
};

const onDocker = { files: [], base: () => machineImage("docker") };
const client: ImageSet<"client"> = { name: "client", targets: ["client"], binaries: [crane], ...onDocker };
const wiki: ImageSet<"wiki"> = { name: "wiki", targets: ["wiki"], binaries: [], ...onDocker };

const images = {
  bare: async () => (await ensureImages(machines)).bare,
  docker: async () => (await ensureImages(machines)).docker,
  client: async () => (await ensureImages(client)).client,
  wiki: async () => (await ensureImages(wiki)).wiki,
};

/** `bare`: systemd and sshd; `docker`: also Docker and Compose; `client`: also skopeo and crane; `wiki`: Docker and Debian's Caddy. */
export type MachineKind = keyof typeof images;

/** The image of the lab's machines of one kind. */
export function machineImage(kind: MachineKind): Promise<string> {
  return images[kind]();
}
