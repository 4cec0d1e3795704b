import { docker, dockerSays } from "./docker.ts";

/** Whether a container of that name runs. */
export async function isRunning(name: string): Promise<boolean> {
  if (!(await dockerSays(["container", "inspect", name]))) return false;
  return (await docker(["container", "inspect", "--format", "{{.State.Running}}", name])) === "true";
}

/** Removes containers, running or not, with their anonymous volumes. A container that does not exist is no error. */
export async function removeContainers(names: readonly string[]): Promise<void> {
  // One at a time: `docker rm` of many removes them in parallel, which may block Docker (see docker.ts).
  for (const name of names) await docker(["rm", "--force", "--volumes", name]);
}

/** The container's address in one of its networks. */
export function addressIn(network: string, name: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
  return docker(["container", "inspect", "--format", format, name]);
}

/** The port on 127.0.0.1 that Docker forwards to a container's port. */
export async function publishedPort(name: string, port: number): Promise<number> {
  const [first] = (await docker(["port", name, `${port}/tcp`])).split("\n");
  return Number(first?.split(":").at(-1));
}
