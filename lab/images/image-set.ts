import { createHash } from "node:crypto";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { docker, dockerSays, label } from "../docker/docker.ts";
import { dockerPlatform } from "../docker/docker-platform.ts";
import { exists } from "../exists.ts";
import { buildVersion, type GoBinary, goBinary } from "../go/go-build.ts";
import { thisPlatform } from "../go/go-platform.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { debianImage } from "./debian-image.ts";
import { keepArchive } from "./keep-archive.ts";
import { type OfficialImage, pullOfficial } from "./official-images.ts";

const dockerfiles = join(import.meta.dirname, "dockerfiles");

/** Images that are built from one Dockerfile of `lab/images/dockerfiles`, and cached together as one archive. */
export type ImageSet<Target extends string> = {
  /** Name of the Dockerfile, `<name>.Dockerfile`, and of the archive. */
  name: string;
  targets: readonly Target[];
  /** Files and folders of `lab/images/dockerfiles` that the Dockerfile copies. */
  files: readonly string[];
  /** Programs that the Dockerfile copies. They are built for Docker's platform. */
  binaries: readonly GoBinary[];
  /** Base image. @default Debian */
  base?: () => Promise<string>;
  /** Further images that the Dockerfile copies from, by build argument. @default none */
  sources?: Record<string, () => Promise<string>>;
  /** Official images that are used in place of a build where they can be pulled. @default none */
  official?: Record<Target, OfficialImage>;
  /** Build targets that `docker import` makes from a folder of another build stage. COPY would lose file capabilities. @default none */
  imported?: Partial<Record<Target, ImportedImage>>;
};

type ImportedImage = {
  stage: string;
  folder: string;
  /** Dockerfile instructions, as in `WORKDIR /srv`. */
  changes: readonly string[];
};

/** The tags of the images that a Dockerfile builds on, by build argument. Without `BASE` it builds on Debian. */
type Bases = Record<string, string>;

/**
 * Returns the images' tags by target. What Docker does not have is loaded from the cache, pulled where official images can
 * replace it, or built.
 */
export async function ensureImages<Target extends string>(set: ImageSet<Target>): Promise<Record<Target, string>> {
  const bases = await basesOf(set);
  const version = await versionOf(set, bases);
  const tags = Object.fromEntries(
    set.targets.map((target) => [target, `container-registry-lab/${target}:${version}`]),
  ) as Record<Target, string>;
  const exist = () => dockerSays(["image", "inspect", ...Object.values<string>(tags)]);
  if (!(await exist()))
    await withLabLock(async () => (await exist()) || obtain(set, tags, bases, version), `images-${set.name}`);
  return tags;
}

/** Whether the set's images need neither a pull nor a build. */
export async function imagesAreCached(set: ImageSet<string>): Promise<boolean> {
  const version = await versionOf(set, await basesOf(set));
  const tags = set.targets.map((target) => `container-registry-lab/${target}:${version}`);
  return (await exists(archiveOf(set.name, version))) || dockerSays(["image", "inspect", ...tags]);
}

async function obtain<Target extends string>(
  set: ImageSet<Target>,
  tags: Record<Target, string>,
  bases: Bases,
  version: string,
): Promise<void> {
  const archive = archiveOf(set.name, version);
  if (await exists(archive)) {
    await step(`${set.name} images: load from the cache`, () => docker(["load", "--input", archive]));
    await keepArchive(archive, `${set.name}-`);
    return;
  }
  if (set.official !== undefined && (await pullAll(set.official, tags))) return;
  const all = { BASE: bases.BASE ?? (await debianImage()), ...bases };
  const programs: string[] = [];
  for (const binary of set.binaries) programs.push(await goBinary(binary, await dockerPlatform()));
  await step(`${set.name} images: build ${set.targets.join(", ")}`, () => build(set, tags, all, programs));
  await step(`${set.name} images: save to the cache`, () => save(Object.values(tags), archive));
  await keepArchive(archive, `${set.name}-`);
}

async function pullAll<Target extends string>(
  official: Record<Target, OfficialImage>,
  tags: Record<Target, string>,
): Promise<boolean> {
  for (const target of Object.keys(tags) as Target[])
    if (!(await pullOfficial(official[target], tags[target]))) return false;
  return true;
}

/** Path of the archive with all images of the set, for nodes that have no access to this Docker. */
export async function imageArchive<Target extends string>(set: ImageSet<Target>): Promise<string> {
  const tags = Object.values<string>(await ensureImages(set));
  const archive = archiveOf(set.name, await versionOf(set, await basesOf(set)));
  if (!(await exists(archive)))
    await withLabLock(async () => (await exists(archive)) || save(tags, archive), `images-${set.name}`);
  await keepArchive(archive, `${set.name}-`);
  return archive;
}

function archiveOf(name: string, version: string): string {
  return join(cacheDirectory(), "images", `${name}-${version}.tar`);
}

async function basesOf({ base, sources = {} }: ImageSet<string>): Promise<Bases> {
  const bases: Bases = {};
  if (base !== undefined) bases.BASE = await base();
  for (const [argument, source] of Object.entries(sources)) bases[argument] = await source();
  return bases;
}

/** A hash of everything that the images are built from, so that a change builds new images. */
async function versionOf<Target extends string>(set: ImageSet<Target>, bases: Bases): Promise<string> {
  const hash = createHash("sha256").update(Object.values(bases).join(" "));
  const { arch } = await dockerPlatform();
  if (arch !== thisPlatform.arch) hash.update(arch);
  for (const path of [`${set.name}.Dockerfile`, ...set.files])
    for (const file of await filesAt(path)) hash.update(await readFile(file));
  for (const binary of set.binaries) hash.update(`${binary.name} ${buildVersion(binary)}\n`);
  return hash.digest("hex").slice(0, 12);
}

async function filesAt(path: string): Promise<string[]> {
  const whole = join(dockerfiles, path);
  if (!(await stat(whole)).isDirectory()) return [whole];
  const entries = await readdir(whole, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function build<Target extends string>(
  set: ImageSet<Target>,
  tags: Record<Target, string>,
  bases: Bases,
  programs: readonly string[],
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "container-registry-lab-"));
  try {
    for (const file of [`${set.name}.Dockerfile`, ...set.files])
      await cp(join(dockerfiles, file), join(context, file), { recursive: true });
    for (const program of programs) await copyFile(program, join(context, basename(program)));
    for (const target of set.targets) {
      const imported = set.imported?.[target];
      if (imported === undefined) await dockerBuild(set.name, target, tags[target], context, bases);
      else await importStage(set.name, imported, tags[target], context, bases);
    }
  } finally {
    await rm(context, { recursive: true });
  }
}

async function dockerBuild(name: string, stage: string, tag: string, context: string, bases: Bases): Promise<void> {
  const args = Object.entries(bases).flatMap(([argument, base]) => ["--build-arg", `${argument}=${base}`]);
  const options = ["--target", stage, "--tag", tag, ...args, "--label", `${label}=image`];
  const file = join(context, `${name}.Dockerfile`);
  await docker(["build", ...options, "--file", file, context], { timeoutSeconds: 900 });
}

/** By tar, because `COPY --from` drops file capabilities, and setting them in a later layer would store the files twice. */
async function importStage(
  name: string,
  image: ImportedImage,
  tag: string,
  context: string,
  bases: Bases,
): Promise<void> {
  const stage = `${tag}-files`;
  await dockerBuild(name, image.stage, stage, context, bases);
  const changes = [...image.changes, `LABEL ${label}=image`].flatMap((change) => ["--change", change]);
  const tar = ["tar", "--xattrs", "--xattrs-include=security.capability", "--directory", image.folder, "--create", "."];
  await execa("docker", ["run", "--rm", stage, ...tar], { buffer: false }).pipe("docker", [
    "import",
    ...changes,
    "-",
    tag,
  ]);
  await docker(["image", "rm", stage]);
}

async function save(tags: readonly string[], archive: string): Promise<void> {
  await mkdir(join(archive, ".."), { recursive: true });
  const aside = `${archive}.${process.pid}`;
  await docker(["save", "--output", aside, ...tags], { timeoutSeconds: 600 });
  await rename(aside, archive);
}
