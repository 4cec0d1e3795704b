import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker, label } from "../docker/docker.ts";
import { machineImages } from "../images/machine-image.ts";

/** A running ssh-agent, for whoever gets `SSH_AUTH_SOCK`. */
export interface SshAgent extends AsyncDisposable {
  env: { SSH_AUTH_SOCK: string };
}

/** Starts an agent that knows one private key; the machine image's own, since the lab's machine may have none. */
export async function startSshAgent(privateKey: string): Promise<SshAgent> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-agent-"));
  const container = `container-registry-lab-agent-${randomBytes(4).toString("hex")}`;
  const { bare } = await machineImages();
  const mount = ["--volume", `${folder}:/agent`, "--env", "SSH_AUTH_SOCK=/agent/socket"];
  const agent = ["ssh-agent", "-D", "-a", "/agent/socket"];
  await docker([
    "run",
    "--detach",
    "--name",
    container,
    "--label",
    label,
    "--network",
    "none",
    ...mount,
    bare,
    ...agent,
  ]);
  const add = "until [ -S /agent/socket ]; do sleep 0.05; done; ssh-add -q -";
  await docker(["exec", "--interactive", container, "timeout", "20", "sh", "-ec", add], { input: privateKey });
  return {
    env: { SSH_AUTH_SOCK: join(folder, "socket") },
    [Symbol.asyncDispose]: async () => {
      await docker(["rm", "--force", container]);
      await rm(folder, { recursive: true });
    },
  };
}
