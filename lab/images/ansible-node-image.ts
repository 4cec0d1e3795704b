import { ensureImages } from "./image-set.ts";

/** Image of a node for Ansible: Debian with sshd and Python. */
export async function ansibleNodeImage(): Promise<string> {
  const images = await ensureImages({
    name: "ansible-node",
    targets: ["ansible-node"],
    files: [],
    binaries: [],
  });
  return images["ansible-node"];
}
