import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { ensurePrograms } from "../debian/debian.ts";
import { docker, dockerSays, label } from "../docker/docker.ts";
import { exists } from "../exists.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { labImages, pullOfficial } from "./official-images.ts";

const tag = "container-registry-lab/debian:bookworm";
const noDebootstrap =
  "the image debian:bookworm-slim cannot be pulled from docker.io, and building it by debootstrap instead needs root on Debian; make docker.io reachable, then run this again";

/** The base image of the lab's other images: Docker Hub's, or one built by debootstrap if Docker Hub cannot be reached. */
export async function debianImage(): Promise<string> {
  if (!(await imageExists())) await withLabLock(async () => (await imageExists()) || createImage(), "images-debian");
  return tag;
}

function imageExists(): Promise<boolean> {
  return dockerSays(["image", "inspect", tag]);
}

async function createImage(): Promise<void> {
  const archive = join(cacheDirectory(), "debian-bookworm", "rootfs.tar");
  if (!(await exists(archive))) {
    if (await pullOfficial(labImages.debian, tag)) return;
    await step("Debian bookworm: debootstrap", () => debootstrap(archive));
  }
  await docker(["import", "--change", `LABEL ${label}=image`, archive, tag]);
}

async function debootstrap(archive: string): Promise<void> {
  await ensurePrograms({ debootstrap: ["debootstrap"] }, noDebootstrap);
  // Not below /tmp, which may be mounted nodev: debootstrap creates device nodes.
  const root = `${archive}.root-${process.pid}`;
  const aside = `${archive}.${process.pid}`;
  await mkdir(join(archive, ".."), { recursive: true });
  try {
    await execa("debootstrap", ["--variant=minbase", "bookworm", root]);
    await rm(join(root, "var/cache/apt/archives"), { recursive: true });
    await rm(join(root, "var/lib/apt/lists"), { recursive: true });
    await execa("tar", ["--create", "--file", aside, "--directory", root, "--exclude=./dev/*", "."]);
    await rename(aside, archive);
  } finally {
    await rm(root, { recursive: true, force: true });
    await rm(aside, { force: true });
  }
}
