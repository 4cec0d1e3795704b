import { execa } from "execa";
import { removeContainers } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { startLab } from "../lab.ts";
import { freePort } from "../network/free-port.ts";
import { addresses, network } from "../network/network.ts";
import type { Machine } from "./machine.ts";

/** A container that runs only sshd, for tests with dozens of nodes. */
export type SshNode = {
  name: string;
  container: string;
  connection: Machine["connection"];
  /** The number of SSH connections that the node's sshd has accepted so far. */
  sshConnections(): Promise<number>;
};

export type SshNodesOptions = {
  /** The nodes are `<prefix>-1`, `<prefix>-2` and so on. */
  prefix: string;
  count: number;
  /** An image that contains `/usr/sbin/sshd`. */
  image: string;
  /** The number in the first node's name. @default 1 */
  first?: number;
};

export type SshNodes = AsyncDisposable & { nodes: SshNode[] };

/** Starts the nodes one after the other: dockerd would not start dozens in parallel any faster. */
export async function startSshNodes({ prefix, count, image, first = 1 }: SshNodesOptions): Promise<SshNodes> {
  const { keys } = await startLab();
  const nodes: SshNode[] = [];
  const remove = () => removeContainers(nodes.map(({ container }) => container));
  try {
    for (let number = first; number < first + count; number++) nodes.push(await start(`${prefix}-${number}`));
  } catch (error) {
    await remove();
    throw error;
  }
  return { nodes, [Symbol.asyncDispose]: remove };

  async function start(name: string): Promise<SshNode> {
    const container = `container-registry-lab-${name}`;
    const port = await freePort();
    await removeContainers([container]);
    const sshd = "mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e";
    await docker([
      ...["run", "--detach", "--name", container, "--hostname", name, "--label", label],
      ...["--network", network, "--dns", addresses.dns, "--volume", `${keys.folder}:/etc/lab:ro`],
      ...["--publish", `127.0.0.1:${port}:22`, "--entrypoint", "sh", image, "-c", sshd],
    ]);
    return {
      name,
      container,
      connection: { kind: "ssh", address: "127.0.0.1", port, user: "operator", hostKey: keys.hostKey },
      sshConnections: async () => {
        // `docker logs` prints sshd's stderr to stderr.
        const { stderr } = await execa("docker", ["logs", container]);
        return stderr.split("\n").filter((line) => line.startsWith("Connection from ")).length;
      },
    };
  }
}
