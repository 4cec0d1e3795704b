import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { goBinary } from "../../lab/go/go-build.ts";
import { crane } from "../../lab/images/machine-image.ts";
import { containerdClients } from "../clients/containerd-clients.ts";

/** Where a client runs, and what it pulls. */
export type Pull = {
  /** What its command starts with, as in `ip netns exec NAME`. */
  within: readonly string[];
  /** `HOST:PORT`, with TLS. */
  host: string;
  /** As in `bench/app:v1`. */
  image: string;
};

type Client = (pull: Pull, folder: string) => Promise<unknown>;

/** Real clients, with their own numbers of layers at the same time. What they store is in memory. */
const clients: Record<string, Client> = {
  // The library of kaniko and ko, too.
  crane: async ({ within, host, image }, folder) =>
    execute([...within, await goBinary(crane), "pull", "--insecure", "--format", "oci", `${host}/${image}`, folder]),
  // The library of podman, buildah and CRI-O, too.
  skopeo: ({ within, host, image }, folder) =>
    execute([
      ...within,
      "skopeo",
      "copy",
      "--quiet",
      "--src-tls-verify=false",
      `docker://${host}/${image}`,
      `dir:${folder}`,
    ]),
  containerd: async ({ within, host, image }) => {
    const input = JSON.stringify({ host, image, pulls: 1, pushes: 0 });
    const stdout = await execute([...within, await goBinary(containerdClients)], input);
    const { failures } = JSON.parse(stdout) as { failures: string[] };
    if (failures.length > 0) throw new Error(failures.join("\n"));
  },
};

export const clientNames = Object.keys(clients);

/** How long a whole pull takes, from the start of the client's process to its end. */
export async function pullSeconds(client: string, pull: Pull): Promise<number> {
  const folder = await mkdtemp("/dev/shm/container-registry-bench-");
  const started = performance.now();
  await clients[client]?.(pull, join(folder, "image"));
  const seconds = (performance.now() - started) / 1000;
  await rm(folder, { recursive: true });
  return seconds;
}

/** Whether a server's access log has requests by HTTP/2. */
export async function spokeHttp2(log: () => Promise<string>): Promise<boolean> {
  return (await log()).includes('"proto":"HTTP/2.0"');
}

async function execute([program = "", ...args]: readonly string[], input?: string): Promise<string> {
  return (await execa(program, args, { input, timeout: 120_000 })).stdout;
}
