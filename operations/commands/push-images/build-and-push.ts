import { join } from "node:path";
import type { BaseImage } from "../../../render/base-images.ts";
import { type DockerLogin, docker, loggedIn, requireDocker } from "./docker.ts";
import { dockerfile } from "./dockerfiles.ts";

export type BuildAndPush = {
  /** The folder of the Dockerfiles. Each programming language has a subfolder of its name. */
  folder: string;
  images: readonly BaseImage[];
  login: DockerLogin;
  /** Whether to push the images; if false, the command only logs in and builds them. */
  push: boolean;
};

/**
 * Logs in, builds the images and pushes them. The login comes first, so that a wrong password fails before builds that
 * take minutes.
 */
export async function buildAndPush({ folder, images, login, push }: BuildAndPush): Promise<void> {
  await requireDocker();
  await loggedIn(login, async (env) => {
    // Builds run without `env`, so with the user's own Docker configuration: they may need its logins to pull images.
    for (const { language, reference } of images)
      await docker(["build", "--tag", reference, "--file", dockerfile(folder, language), join(folder, language)]);
    if (push) for (const { reference } of images) await docker(["push", reference], env);
  });
}
