import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { ensurePrograms } from "../../lab/debian/debian.ts";
import type { SshKeys } from "../../lab/hosts/ssh-keys.ts";
import type { SshNode } from "../../lab/hosts/ssh-nodes.ts";

/** The files and lines that a node shall have. */
export type Wanted = {
  /** Path → text. */
  files: Record<string, string>;
  /** A line of /etc/hosts. */
  hostsLine: string;
};

/** Configures nodes by Ansible as a stack does. */
export interface Ansible extends AsyncDisposable {
  /** Seconds that one run over these nodes took. */
  run(nodes: readonly SshNode[]): Promise<number>;
}

/** A playbook of `copy` and `blockinfile`, with the settings that Ansible's documentation recommends for speed. */
export async function ansible({ files, hostsLine }: Wanted, keys: SshKeys): Promise<Ansible> {
  await ensurePrograms(
    { "ansible-playbook": ["ansible"] },
    "the benchmark compares with Ansible; install Ansible, then run it again",
  );
  const folder = await mkdtemp(join(tmpdir(), "container-registry-ansible-"));
  await writeFile(join(folder, "ansible.cfg"), configuration(keys, folder));
  await writeFile(join(folder, "known_hosts"), "");
  await writeFile(join(folder, "playbook.yaml"), stringify([play(files, hostsLine)]));
  return {
    run: async (nodes) => {
      await writeFile(join(folder, "inventory"), inventory(nodes));
      const started = performance.now();
      await execa("ansible-playbook", ["--inventory", "inventory", "playbook.yaml"], { cwd: folder });
      return (performance.now() - started) / 1000;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

// The fastest of what there is, on 10 nodes: `linear` is about as fast as `free`, and Debian's mitogen takes twice as long.
// A run finds the SSH connections of the one before it.
function configuration({ privateKeyFile }: SshKeys, folder: string): string {
  return `[defaults]
forks = 50
strategy = free
gathering = explicit
host_key_checking = False
private_key_file = ${privateKeyFile}
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
control_path_dir = ${folder}/sockets
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR
`;
}

function inventory(nodes: readonly SshNode[]): string {
  const line = ({ name, connection: { address, port, user } }: SshNode) =>
    `${name} ansible_host=${address} ansible_port=${port} ansible_user=${user}\n`;
  return nodes.map(line).join("");
}

function play(files: Wanted["files"], hostsLine: string) {
  const folders = new Set(Object.keys(files).map((path) => join(path, "..")));
  return {
    hosts: "all",
    become: true,
    gather_facts: false,
    tasks: [
      ...Array.from(folders, (path) => ({ name: path, file: { path, state: "directory", mode: "0755" } })),
      ...Object.entries(files).map(([dest, content]) => ({ name: dest, copy: { dest, content, mode: "0644" } })),
      // A container's /etc/hosts is a mount, which cannot be renamed over.
      { name: "/etc/hosts", blockinfile: { path: "/etc/hosts", block: hostsLine, unsafe_writes: true } },
    ],
  };
}
