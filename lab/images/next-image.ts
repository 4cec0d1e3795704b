import { docker, dockerSays, label } from "../docker/docker.ts";
import { type RegistryImageName, registryImage } from "./registry-images.ts";
import { type SavedImage, savedImage } from "./saved-image.ts";

/**
 * An image with another id and the same program in it. It stands for the image that the next version of the program has by
 * default, so that containers are replaced.
 */
export async function nextImage(name: RegistryImageName): Promise<SavedImage> {
  const { tag } = await registryImage(name);
  const next = `${tag}-next`;
  if (!(await dockerSays(["image", "inspect", next])))
    await docker(["build", "--tag", next, "--label", `${label}=image`, "-"], {
      input: `FROM ${tag}\nLABEL version=next\n`,
    });
  return savedImage(`${name}-next`, next);
}
