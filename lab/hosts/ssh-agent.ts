import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker, label } from "../docker/docker.ts";
import { machineImage } from "../images/machine-image.ts";

/** A running ssh-agent, used by the variable `SSH_AUTH_SOCK`. */
export interface SshAgent extends AsyncDisposable {
  env: { SSH_AUTH_SOCK: string };
}

/** Starts an ssh-agent with one private key, in a container: this machine may have no ssh-agent. */
export async function startSshAgent(privateKey: string): Promise<SshAgent> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-agent-"));
  const container = `container-registry-lab-agent-${randomBytes(4).toString("hex")}`;
  const bare = await machineImage("bare");
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
