import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { docker } from "../../lab/docker/docker.ts";
import { goBinaryPath } from "../../lab/go/go-build.ts";
import { crane } from "../../lab/images/machine-image.ts";
import { password } from "../../lab/proxy/credentials.ts";
import type { Layout } from "./layouts.ts";

/** Pushes an image as a reference, and returns the digest that the registry then has. */
export type Tool = {
  isThere(): Promise<boolean>;
  push(image: Layout, reference: string): Promise<string>;
  /** Deletes what pushes of these images have left on this machine. @default they leave nothing */
  clean?(images: readonly Layout[]): Promise<void>;
};

export type ToolName = keyof typeof toolCommands;

const user = `jenkins:${password("jenkins")}`;
const cleaningMilliseconds = 60_000;
const containerd = ["/run/docker/containerd/containerd.sock", "/run/containerd/containerd.sock"].find(existsSync) ?? "";

/** The clients that people and nodes push with, over plain HTTP on 127.0.0.1. */
export const toolCommands = {
  crane: {
    isThere: async () => existsSync(goBinaryPath(crane)),
    push: ({ folder, digest }, reference) =>
      loggedIn(reference, async (env) => {
        await execa(goBinaryPath(crane), ["push", "--insecure", folder, reference], { env });
        return digest;
      }),
  },
  skopeo: {
    isThere: () => onPath("skopeo"),
    push: async ({ folder, digest }, reference) => {
      const options = ["--insecure-policy", "copy", "--dest-tls-verify=false", "--dest-creds", user];
      await execa("skopeo", [...options, `oci:${folder}`, `docker://${reference}`]);
      return digest;
    },
  },
  docker: {
    isThere: () =>
      docker(["version"]).then(
        () => onPath("skopeo"),
        () => false,
      ),
    push: async ({ folder }, reference) => {
      const scratch = await mkdtemp(join(tmpdir(), "campaign-"));
      const archive = join(scratch, "image.tar");
      try {
        await execa("skopeo", ["--insecure-policy", "copy", `oci:${folder}`, `docker-archive:${archive}:${reference}`]);
        await docker(["load", "--input", archive]);
        return await loggedIn(reference, async ({ DOCKER_CONFIG }) => {
          const printed = await docker(["--config", DOCKER_CONFIG, "push", reference]);
          return /digest: (sha256:[0-9a-f]{64})/.exec(printed)?.[1] ?? `no digest in: ${printed}`;
        });
      } finally {
        await docker(["image", "rm", reference]).catch(() => undefined);
        await rm(scratch, { recursive: true });
      }
    },
  },
  ctr: {
    isThere: async () => containerd !== "" && (await onPath("ctr")),
    push: async ({ archive, digest }, reference) => {
      await ctrImages(["import", "--no-unpack", archive]);
      const [imported = ""] = await imagesInContainerd([digest]);
      await ctrImages(["push", "--plain-http", "--user", user, reference, imported]);
      return digest;
    },
    clean: async (images) => {
      const names = await imagesInContainerd(images.map(({ digest }) => digest));
      // Synchronously: containerd has then freed their layers, too.
      if (names.length > 0) await ctrImages(["rm", "--sync", ...names], cleaningMilliseconds);
    },
  },
} satisfies Record<string, Tool>;

/** `timeout`: in milliseconds. @default as long as it takes */
function ctrImages(args: readonly string[], timeout?: number) {
  return execa("ctr", ["--address", containerd, "--namespace", "campaign", "images", ...args], { timeout });
}

/** The names of images with these digests. */
async function imagesInContainerd(digests: readonly string[]): Promise<string[]> {
  const filters = digests.map((digest) => `target.digest==${digest}`);
  const { stdout } = await ctrImages(["list", "--quiet", ...filters], cleaningMilliseconds);
  return stdout.split("\n").filter((name) => name !== "");
}

async function onPath(program: string): Promise<boolean> {
  return !(await execa("sh", ["-c", 'command -v "$0"', program], { reject: false })).failed;
}

/** With a file of logins of its own, as crane and docker read it. */
async function loggedIn<T>(reference: string, work: (env: { DOCKER_CONFIG: string }) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "campaign-"));
  const auth = Buffer.from(user).toString("base64");
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({ auths: { [reference.split("/")[0] ?? ""]: { auth } } }),
  );
  try {
    return await work({ DOCKER_CONFIG: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}
