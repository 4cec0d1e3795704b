import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { docker } from "../docker/docker.ts";
import { exists } from "../exists.ts";
import { machineImage } from "../images/machine-image.ts";
import { stateDirectory } from "../state.ts";

export type SshKeys = {
  /** The folder with the keys, which every machine mounts as /etc/lab. */
  folder: string;
  /** The private key in OpenSSH's format. Its public key is authorized for the users `operator` and root. */
  privateKey: string;
  privateKeyFile: string;
  /** The host key of every machine, as in `ssh-ed25519 AAAA…`. */
  hostKey: string;
};

/** The lab's key pairs. They are generated when the lab is first used, and removed by `lab:down`. */
export async function sshKeys(): Promise<SshKeys> {
  const folder = join(stateDirectory(), "ssh");
  const privateKeyFile = join(folder, "id_ed25519");
  if (!(await exists(join(folder, "authorized_keys")))) {
    const operator = await newKeyPair("container-registry-lab");
    const host = await newKeyPair("container-registry-lab-host");
    await mkdir(folder, { recursive: true });
    await writeFile(privateKeyFile, operator.privateKey, { mode: 0o600 });
    await writeFile(join(folder, "ssh_host_ed25519_key"), host.privateKey, { mode: 0o600 });
    await writeFile(join(folder, "ssh_host_ed25519_key.pub"), host.publicKey);
    await writeFile(join(folder, "authorized_keys"), operator.publicKey);
  }
  const hostKey = await readFile(join(folder, "ssh_host_ed25519_key.pub"), "utf8");
  return {
    folder,
    privateKey: await readFile(privateKeyFile, "utf8"),
    privateKeyFile,
    hostKey: hostKey.split(" ").slice(0, 2).join(" "),
  };
}

/** Generates a key pair with ssh-keygen in a container, because this machine may have no ssh-keygen. */
export async function newKeyPair(comment: string): Promise<{ privateKey: string; publicKey: string }> {
  const script = 'ssh-keygen -q -t ed25519 -N "" -C "$0" -f /tmp/key && cat /tmp/key /tmp/key.pub';
  const bare = await machineImage("bare");
  const printed = await docker(["run", "--rm", bare, "sh", "-c", script, comment]);
  const end = printed.indexOf("ssh-ed25519 ");
  return { privateKey: printed.slice(0, end), publicKey: `${printed.slice(end)}\n` };
}
