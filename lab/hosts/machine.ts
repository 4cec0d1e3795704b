import { lookup } from "node:dns/promises";
import { execa } from "execa";
import { addressIn, isRunning, publishedPort } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { type MachineKind, machineImage } from "../images/machine-image.ts";
import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { freePort } from "../network/free-port.ts";
import { addresses, network } from "../network/network.ts";
import type { SshKeys } from "./ssh-keys.ts";
import { booted, cgroupVersion, systemdOptions } from "./systemd-container.ts";

export type MachineOptions = {
  /** The machine's name and host name. In the lab's DNS the machine is `<name>.lab.test`. */
  name: string;
  /** @default "docker" */
  kind?: MachineKind;
  /** The image: one of the lab's machine images, or one built on them. @default the image of `kind` */
  image?: string;
  /** The container's name. @default `container-registry-lab-<name>` */
  container?: string;
  /** Docker labels, besides the lab's own. @default none */
  labels?: Record<string, string>;
  /** Further Docker networks, besides the lab's. @default none */
  networks?: readonly string[];
  /** Host names that resolve to its address. @default `<name>.lab.test` alone */
  names?: readonly string[];
  /** Its address in the lab's network. @default a free one */
  address?: string;
  /** Folders mounted as separate disks, by size in MiB, for tests that fill a disk. @default none */
  disks?: Record<string, number>;
  /** Lets it resolve deb.debian.org, which the lab's DNS does not know. @default false */
  debianMirror?: boolean;
  /** Uses the running machine of that name, if there is one. @default false: an old one is removed first */
  reuse?: boolean;
  /** Ports that Docker publishes on 127.0.0.1, besides 22. @default none */
  publish?: readonly number[];
};

type RunOptions = {
  /** The script's `$1`, `$2` and so on. */
  args?: readonly string[];
  /** @default nothing: stdin is closed */
  input?: string;
  /** @default 120 */
  timeoutSeconds?: number;
};

/** The result of a script. `output` is stdout and stderr together, in the order in which they were written. */
export type Attempt = { ok: boolean; stdout: string; output: string };

/** A booted machine of the lab: a container with systemd, sshd and, depending on its kind, a Docker daemon of its own. */
export interface Machine extends AsyncDisposable {
  name: string;
  /** The container's name. */
  container: string;
  /** The container's id, which changes when the machine is created again; used as a stack file's `generation`. */
  id: string;
  /** The machine's address in the lab's network. */
  address: string;
  keys: SshKeys;
  /** The SSH connection, as a stack file describes it. */
  connection: { kind: "ssh"; address: string; port: number; user: string; hostKey: string };
  /** Returns the port on 127.0.0.1 that Docker forwards to one of the `publish` ports. */
  published(port: number): Promise<number>;
  /** Runs a shell script as root by `docker exec`, not over SSH; rejects if the script fails. */
  run(script: string, options?: RunOptions): Promise<string>;
  /** Runs a shell script as root by `docker exec`. If the script fails, the result says so: this promise does not reject. */
  attempt(script: string, options?: RunOptions): Promise<Attempt>;
  /** Copies a file from the machine that runs the lab to this lab machine. */
  copyTo(file: string, path: string): Promise<void>;
  /** The number of SSH connections that sshd has accepted since the machine booted. */
  sshConnections(): Promise<number>;
}

/**
 * Starts a machine and waits until it has booted.
 *
 * @example await using host = await startMachine({ name: "host", names: ["registry.lab.test"] })
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { name, kind = "docker", names = [`${options.name}.lab.test`], networks = [], reuse = false } = options;
  const { container = `container-registry-lab-${name}` } = options;
  const { dns, keys } = await startLab();
  if (!reuse || !(await isRunning(container))) {
    await docker(["rm", "--force", "--volumes", container]);
    const image = options.image ?? (await machineImage(kind));
    await docker(["create", "--name", container, ...(await dockerOptions(options, keys)), image]);
    for (const each of networks) await docker(["network", "connect", each, container]);
    await docker(["start", container]);
  }
  await booted(container);

  const address = await addressIn(network, container);
  for (const each of names) await dns.add(each, address);
  const id = await docker(["container", "inspect", "--format", "{{slice .Id 0 12}}", container]);
  return {
    name,
    container,
    id,
    address,
    keys,
    connection: {
      kind: "ssh",
      address: "127.0.0.1",
      port: await publishedPort(container, 22),
      user: "operator",
      hostKey: keys.hostKey,
    },
    published: (port) => publishedPort(container, port),
    run: async (script, runOptions) => {
      const { ok, stdout, output } = await attempt(container, script, runOptions);
      if (!ok) throw new LabError(`${script}\nfailed on the lab machine ${name}:\n${output}`);
      return stdout;
    },
    attempt: (script, runOptions) => attempt(container, script, runOptions),
    // Not `docker cp`, which writes below a tmpfs like /tmp, not into it.
    copyTo: async (file, path) => {
      await execa("docker", ["exec", "--interactive", container, "sh", "-c", 'cat >"$0"', path], { inputFile: file });
    },
    sshConnections: async () => {
      // journald may not have written sshd's latest lines yet.
      await docker(["exec", container, "journalctl", "--sync"]);
      const log = await docker(["exec", container, "journalctl", "--unit", "ssh", "--output", "cat"]);
      return log.split("\n").filter((line) => line.startsWith("Connection from ")).length;
    },
    [Symbol.asyncDispose]: async () => {
      await docker(["rm", "--force", "--volumes", container]);
      for (const each of names) await dns.remove(each);
    },
  };
}

async function attempt(container: string, script: string, options: RunOptions = {}): Promise<Attempt> {
  const { args = [], input = "", timeoutSeconds = 120 } = options;
  // `docker exec --interactive` can miss the end of an empty stdin, and then never ends.
  const interactive = input === "" ? [] : ["--interactive"];
  const stdin = input === "" ? { stdin: "ignore" as const } : { input };
  const command = ["exec", ...interactive, container, "sh", "-ec", script, "sh", ...args];
  const limits = { all: true, reject: false, timeout: timeoutSeconds * 1000 } as const;
  const result = await execa("docker", command, { ...stdin, ...limits });
  const late = result.timedOut ? `\nthe script did not end within ${timeoutSeconds} s` : "";
  // The timeout is checked too, because docker may exit with 0 after the timeout's signal.
  return { ok: result.exitCode === 0 && !result.timedOut, stdout: result.stdout, output: `${result.all}${late}` };
}

async function dockerOptions(options: MachineOptions, keys: SshKeys): Promise<string[]> {
  const { name, address, disks = {}, debianMirror = false, labels = {}, publish = [] } = options;
  const ports = await Promise.all([22, ...publish].map(async (port) => `127.0.0.1:${await freePort()}:${port}`));
  const mirror = debianMirror ? await mirrorAddresses() : [];
  return [
    ...["--hostname", name, "--network", network, "--dns", addresses.dns, "--label", label],
    ...(address === undefined ? [] : ["--ip", address]),
    ...Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]),
    ...ports.flatMap((port) => ["--publish", port]),
    ...mirror.flatMap((entry) => ["--add-host", entry]),
    ...Object.entries(disks).flatMap(([path, mebibytes]) => ["--tmpfs", `${path}:exec,mode=755,size=${mebibytes}m`]),
    ...["--volume", `${keys.folder}:/etc/lab:ro`],
    ...systemdOptions(await cgroupVersion()),
  ];
}

/** The Debian mirror's address for a machine's /etc/hosts. It is resolved on this machine, whose DNS server knows the name. */
async function mirrorAddresses(): Promise<string[]> {
  const { address } = await lookup("deb.debian.org", { family: 4 });
  return [`deb.debian.org:${address}`];
}
