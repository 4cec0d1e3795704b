import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "./machine.ts";

/** A machine's Docker, for whoever gets `DOCKER_HOST`. */
export interface MachineDocker extends AsyncDisposable {
  env: { DOCKER_HOST: string };
}

/** Lets a docker command on this machine work with a lab machine's Docker, which finds and trusts what the machine does. */
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
