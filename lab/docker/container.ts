import { docker, dockerSays } from "./docker.ts";

/** Whether a container of that name is there and runs. */
export async function isRunning(name: string): Promise<boolean> {
  if (!(await dockerSays(["container", "inspect", name]))) return false;
  return (await docker(["container", "inspect", "--format", "{{.State.Running}}", name])) === "true";
}

/** Removes containers and their own volumes, running or not; one that is not there is no error. */
export async function removeContainers(names: readonly string[]): Promise<void> {
  // `docker rm` of many removes them all at once: see docker.ts for what that may do.
  for (const name of names) await docker(["rm", "--force", "--volumes", name]);
}

/** Its address in one of its networks. */
export function addressIn(network: string, name: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
  return docker(["container", "inspect", "--format", format, name]);
}

/** The port on 127.0.0.1 that leads to a container's. */
export async function publishedPort(name: string, port: number): Promise<number> {
  const [first] = (await docker(["port", name, `${port}/tcp`])).split("\n");
  return Number(first?.split(":").at(-1));
}
