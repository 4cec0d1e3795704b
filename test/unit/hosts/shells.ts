import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll } from "vitest";

/** A shell and the tools it finds: what a host may have. */
export type Shell = {
  name: string;
  sh: string;
  path: string;
  /** How many examples a property is held against: many by the first, enough to meet a difference by the others. */
  numRuns: number;
};

const system = "/usr/sbin:/usr/bin:/sbin:/bin";

const ownAwk = basename(realpathSync("/usr/bin/awk"));

/** The system's own sh and awk, and, where installed, other awks, and busybox for everything. */
export const shells: Shell[] = [
  { name: `sh with ${ownAwk}`, sh: "/bin/sh", path: system, numRuns: 25 },
  ...["mawk", "gawk"].filter((name) => name !== ownAwk).flatMap(withAwk),
  ...allOfBusybox(),
];

function withAwk(name: string): Shell[] {
  const program = installed(name);
  if (!program) return [];
  const folder = scratchFolder("awk-");
  symlinkSync(program, join(folder, "awk"));
  return [{ name: `sh with ${name}`, sh: "/bin/sh", path: `${folder}:${system}`, numRuns: 6 }];
}

/** Only its applets on the path, so that a tool it lacks is missed; and flock, which Debian builds it without. */
function allOfBusybox(): Shell[] {
  const busybox = installed("busybox");
  if (!busybox) return [];
  const folder = join(scratchFolder("busybox-"), "bin");
  mkdirSync(folder);
  execFileSync(busybox, ["--install", "-s", folder]);
  if (!existsSync(join(folder, "flock"))) symlinkSync("/usr/bin/flock", join(folder, "flock"));
  return [{ name: "busybox", sh: join(folder, "sh"), path: folder, numRuns: 6 }];
}

function scratchFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

function installed(name: string): string | undefined {
  const found = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find(existsSync);
  if (!found) process.stderr.write(`not tested with ${name}: not installed (apt-get install ${name})\n`);
  return found;
}

/** The first one, and the one with the fewest tools: for what takes a whole run of the script. */
export const sparseShells: Shell[] = [...new Set([...shells.slice(0, 1), ...shells.slice(-1)])];
