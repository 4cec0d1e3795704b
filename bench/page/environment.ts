import { cpus, release, totalmem } from "node:os";
import { execa } from "execa";
import { engineVersion } from "../../lab/engine/engine.ts";
import { crane } from "../../lab/images/machine-image.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";
import { containerdClients } from "../clients/containerd-clients.ts";

/** The machine and the programs that a suite ran with. */
export type Environment = {
  cpu: string;
  cores: number;
  /** In GB, rounded. */
  memory: number;
  kernel: string;
  /** Version by program. */
  programs: Record<string, string>;
};

/** How the peers and load generators of Debian tell their version. Those that a machine lacks are left out. */
const installed: Record<string, readonly string[]> = {
  curl: ["curl", "--version"],
  h2load: ["h2load", "--version"],
  restic: ["restic", "version"],
  skopeo: ["skopeo", "--version"],
  Ansible: ["ansible-playbook", "--version"],
};

export async function environment(): Promise<Environment> {
  const programs: Record<string, string> = {
    "Node.js": process.versions.node,
    Caddy: caddy.version,
    distribution: distribution.version,
    Pulumi: engineVersion,
    containerd: containerdClients.version,
    crane: crane.version,
  };
  for (const [name, [program = "", ...args]] of Object.entries(installed)) {
    const { stdout } = await execa(program, args, { reject: false });
    const version = /\d+\.\d+[\d.]*/.exec(stdout ?? "")?.[0];
    if (version !== undefined) programs[name] = version;
  }
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1e9),
    kernel: release(),
    programs,
  };
}
