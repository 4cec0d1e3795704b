import { join } from "node:path";
import { execa } from "execa";
import { removeContainers } from "../../../../lab/docker/container.ts";
import { docker, label } from "../../../../lab/docker/docker.ts";
import { sshKeys } from "../../../../lab/hosts/ssh-keys.ts";
import { booted, cgroupVersion, systemdOptions } from "../../../../lab/hosts/systemd-container.ts";
import { machineImage } from "../../../../lab/images/machine-image.ts";

/** The computer of somebody who tries the project for the first time: it has Docker, Node.js and a checkout, and no Go. */
export interface Newcomer extends AsyncDisposable {
  /** Runs a shell script in the checkout as a user; the result has stdout and stderr, also if the script fails. */
  run(script: string, options?: { user?: string }): Promise<{ exitCode: number; output: string }>;
  /** Makes the computer trust the servers' CA and resolve their names, and replaces the digests of images in its checkout. */
  use(servers: { ca: string; digests: Record<string, string> }): Promise<void>;
}

const container = "container-registry-lab-newcomer";
const checkout = join(import.meta.dirname, "../../../..");
const folder = "/srv/container-registry";
/** Until it is given servers, the computer reaches no official part, also where this machine does. */
const unreachable = "127.0.0.1 get.pulumi.com registry-1.docker.io ghcr.io";
const pinnedIn = ["settings/variants/images.ts", "lab/images/official-images.ts"];

/** Starts the computer in a network of its own, since the lab that it starts has the addresses of this machine's lab. */
export async function startNewcomer(network: string): Promise<Newcomer> {
  await removeContainers([container]);
  try {
    return await start(network);
  } catch (error) {
    await removeContainers([container]);
    throw error;
  }
}

async function start(network: string): Promise<Newcomer> {
  const { stdout: npm } = await execa("npm", ["root", "--global"]);
  const mounts = {
    [process.execPath]: "/usr/local/bin/node",
    [join(npm, "npm")]: "/usr/local/lib/node_modules/npm",
    [checkout]: "/mnt/checkout",
    // The machine's sshd fails without its keys.
    [(await sshKeys()).folder]: "/etc/lab",
  };
  const volumes = Object.entries(mounts).flatMap(([from, to]) => ["--volume", `${from}:${to}:ro`]);
  const at = ["--name", container, "--hostname", "newcomer", "--network", network, "--label", label];
  const image = await machineImage("docker");
  await docker(["run", "--detach", ...at, ...volumes, ...systemdOptions(await cgroupVersion()), image]);
  await booted(container);
  // Docker's own name server in a network cannot be passed on to the containers of the computer's Docker.
  const nameServers = await docker(["run", "--rm", image, "sed", "-n", "s/^nameserver //p", "/etc/resolv.conf"]);
  await succeed(
    `echo '${JSON.stringify({ dns: nameServers.split("\n") })}' >/etc/docker/daemon.json
     systemctl restart docker
     echo '${unreachable}' >>/etc/hosts
     ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
     mkdir ${folder}
     cd /mnt/checkout
     tar --create --exclude ./.git --exclude ./Pulumi.lab.yaml . | tar --extract --directory ${folder}`,
    "/",
  );
  return {
    run: (script, { user = "root" } = {}) => inContainer(script, user, folder),
    use: async ({ ca, digests }) => {
      await succeed(
        `hosts=$(grep -vF '${unreachable}' /etc/hosts)
         echo "$hosts" >/etc/hosts
         cat >/usr/local/share/ca-certificates/official-servers.crt <<'END'\n${ca}END
         update-ca-certificates
         systemctl restart docker`,
        "/",
      );
      const replace = Object.entries(digests).map(([official, own]) => `-e s/${official}/${own}/`);
      await succeed(`sed -i ${replace.join(" ")} ${pinnedIn.join(" ")}`, folder);
    },
    [Symbol.asyncDispose]: () => removeContainers([container]),
  };
}

async function succeed(script: string, cwd: string): Promise<void> {
  const { exitCode, output } = await inContainer(script, "root", cwd);
  if (exitCode !== 0) throw new Error(`${script}\nfailed on the newcomer's computer:\n${output}`);
}

async function inContainer(script: string, user: string, cwd: string): Promise<{ exitCode: number; output: string }> {
  // The engine and npm read the system's CAs, which Node.js does not.
  const env = ["--env", "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt", "--env", `HOME=${home(user)}`];
  const command = ["exec", ...env, "--user", user, "--workdir", cwd, container, "bash", "-ec", script];
  const { exitCode, all } = await execa("docker", command, { all: true, reject: false, stdin: "ignore" });
  return { exitCode: exitCode ?? -1, output: all };
}

function home(user: string): string {
  return user === "root" ? "/root" : `/home/${user}`;
}
