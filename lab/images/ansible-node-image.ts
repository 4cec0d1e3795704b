import { ensureImages } from "./image-set.ts";

/** Debian with sshd and Python, which is what Ansible asks of a machine. */
export async function ansibleNodeImage(): Promise<string> {
  const images = await ensureImages({
    name: "ansible-node",
    targets: ["ansible-node"],
    files: [],
    binaries: [],
  });
  return images["ansible-node"];
}
