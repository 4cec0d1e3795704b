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
type Tool = {
  isThere(): Promise<boolean>;
  push(image: Layout, reference: string): Promise<string>;
};

export type ToolName = keyof typeof toolCommands;

const user = `jenkins:${password("jenkins")}`;
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
      const ctr = (...args: string[]) =>
        execa("ctr", ["--address", containerd, "--namespace", "campaign", "images", ...args]);
      await ctr("import", "--no-unpack", archive);
      const [imported = ""] = (await ctr("list", "--quiet", `target.digest==${digest}`)).stdout.split("\n");
      await ctr("push", "--plain-http", "--user", user, reference, imported);
      return digest;
    },
  },
} as const satisfies Record<string, Tool>;

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
