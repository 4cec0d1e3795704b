import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "./machine.ts";

/** Access to the Docker daemon of a machine, by the variable `DOCKER_HOST`. */
export interface MachineDocker extends AsyncDisposable {
  env: { DOCKER_HOST: string };
}

/** Lets docker commands on this machine use a lab machine's Docker, with that machine's DNS and trusted CAs. */
export async function machineDocker({ container }: Machine): Promise<MachineDocker> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-docker-"));
  const socket = join(folder, "docker.sock");
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    const dial = ["exec", "--interactive", container, "docker", "system", "dial-stdio"];
    const child = spawn("docker", dial, { stdio: ["pipe", "pipe", "ignore"] });
    connection.pipe(child.stdin).on("error", () => connection.destroy());
    child.stdout.pipe(connection).on("error", () => child.kill());
    connection.on("close", () => child.kill());
  });
  server.listen(socket);
  await once(server, "listening");
  return {
    env: { DOCKER_HOST: `unix://${socket}` },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
