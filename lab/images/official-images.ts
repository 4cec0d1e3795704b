import { docker, dockerSays } from "../docker/docker.ts";
import { canBeReached, type OfficialSource } from "../official-sources.ts";
import { say, step } from "../progress.ts";

/** An official image of any platform. Renovate writes version and digest: renovate.json. */
export type OfficialImage = {
  /** With the registry's name, as in `docker.io/library/debian`. */
  image: string;
  version: string;
  /** That of the index of all platforms. @default the version names the image */
  digest?: string;
};

/** The official images that `npm start` needs, besides those that a registry runs from by default. */
export const labImages = {
  debian: {
    image: "docker.io/library/debian",
    version: "bookworm-slim",
    digest: "sha256:7b140f374b289a7c2befc338f42ebe6441b7ea838a042bbd5acbfca6ec875818",
  },
  // Without a digest, until Renovate has asked Docker Hub for it. Compose's release tags are not moved.
  compose: {
    image: "docker.io/docker/compose-bin",
    version: "v2.40.3",
  },
  pebble: {
    image: "ghcr.io/letsencrypt/pebble",
    version: "2.10.1",
    digest: "sha256:ddf230642b1a584f519f32e347de1b05a6e4c1f6c35c1863b33effeab5f78199",
  },
  "pebble-challtestsrv": {
    image: "ghcr.io/letsencrypt/pebble-challtestsrv",
    version: "2.10.1",
    digest: "sha256:12ce21884def456bcf9786542113949e1f19dc7738d2c70e156c2d0c38a1405b",
  },
} satisfies Record<string, OfficialImage>;

/**
 * Pulls an official image, unless Docker has it, and tags it. Where that is not possible the result is false, and the reason was
 * printed: then the caller builds its own image.
 */
export async function pullOfficial(official: OfficialImage, tag: string): Promise<boolean> {
  const { image, version, digest } = official;
  const reference = digest === undefined ? `${image}:${version}` : `${image}@${digest}`;
  if (!(await dockerSays(["image", "inspect", reference]))) {
    if (!(await canBeReached(sourceOf(official)))) return false;
    try {
      await step(`${image}:${version}: pull`, () => docker(["pull", reference], { timeoutSeconds: 600 }));
    } catch (error) {
      say(`${image}:${version} could not be pulled, so the lab builds a replacement: ${(error as Error).message}`);
      return false;
    }
  }
  await docker(["tag", reference, tag]);
  return true;
}

function sourceOf({ image }: OfficialImage): OfficialSource {
  return image.startsWith("docker.io/") ? "docker.io" : "ghcr.io";
}
