import { join } from "node:path";
import type { BaseImage } from "../../../render/base-images.ts";
import { type DockerLogin, docker, loggedIn, requireDocker } from "./docker.ts";
import { dockerfile } from "./dockerfiles.ts";

export type BuildAndPush = {
  /** Has a folder a language. */
  folder: string;
  images: readonly BaseImage[];
  login: DockerLogin;
  /** Else it builds and logs in alone. */
  push: boolean;
};

/** Logs in first: a wrong password shows before the minutes that builds take. */
export async function buildAndPush({ folder, images, login, push }: BuildAndPush): Promise<void> {
  await requireDocker();
  await loggedIn(login, async (env) => {
    // With the person's own configuration, for the logins that base images need.
    for (const { language, reference } of images)
      await docker(["build", "--tag", reference, "--file", dockerfile(folder, language), join(folder, language)]);
    if (push) for (const { reference } of images) await docker(["push", reference], env);
  });
}
