import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { ensurePrograms, isDebianRoot } from "../debian/debian.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { step } from "../progress.ts";
import { stateDirectory } from "../state.ts";
import { dockerSays } from "./docker.ts";

/** Docker, running: the one that is there, or on Debian as root one that the lab installs and starts. */
export async function ensureDocker(): Promise<void> {
  if (await dockerAnswers()) return;
  if (!(await isDebianRoot())) throw new LabError(noDocker);
  await ensurePrograms({ dockerd: ["docker.io"], iptables: ["iptables"] }, noDocker);
  // Since Debian 13 the client is a package of its own.
  await ensurePrograms({ docker: ["docker-cli"] }, noDocker);
  if (await dockerAnswers()) return;
  await step("Docker: start the daemon", (await exists("/run/systemd/system")) ? startService : startDaemon);
}

const noDocker =
  "the lab needs Docker, and no daemon answers `docker version`; start Docker, then run this again (on Debian and Ubuntu as root the lab installs and starts it by itself)";

/** Stops the daemon that the lab started by hand, and removes what it stored. Any other is left alone. */
export async function stopOwnDaemon(): Promise<void> {
  const pid = await ownDaemon();
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    await until(async () => (await ownDaemon()) === undefined, 180, "dockerd did not stop within 180 s");
    await execa("ip", ["link", "delete", "docker0"], { reject: false });
  }
  // dockerd mounts it upon itself, and one that was killed leaves the mount.
  await execa("umount", [dataRoot()], { reject: false });
  await rm(daemonDirectory(), { recursive: true, force: true });
}

function dockerAnswers(): Promise<boolean> {
  return dockerSays(["version", "--format", "{{.Server.Version}}"]);
}

async function startService(): Promise<void> {
  await execa("systemctl", ["start", "docker"]);
  await until(dockerAnswers, 120, "the docker service does not answer; see `journalctl -u docker`");
}

/** Where there is no systemd, as inside a container or a bare VM. */
async function startDaemon(): Promise<void> {
  const directory = daemonDirectory();
  await mkdir(directory, { recursive: true });
  // One that was killed leaves it, and dockerd does not start while anybody has that pid.
  if ((await ownDaemon()) === undefined) await rm(pidFile(), { force: true });
  const log = await open(join(directory, "dockerd.log"), "w");
  const args = ["--pidfile", pidFile(), "--data-root", dataRoot()];
  spawn("dockerd", args, { detached: true, stdio: ["ignore", log.fd, log.fd] }).unref();
  await log.close();
  await until(dockerAnswers, 120, `dockerd does not answer; see ${join(directory, "dockerd.log")}`);
}

/** The pid of the daemon started by hand, while it lives. A pid alone may by now belong to somebody else. */
async function ownDaemon(): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile(), "utf8").catch(() => ""));
  if (!pid) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.includes(pidFile()) ? pid : undefined;
}

function daemonDirectory(): string {
  return join(stateDirectory(), "docker");
}

function dataRoot(): string {
  return join(daemonDirectory(), "data");
}

function pidFile(): string {
  return join(daemonDirectory(), "dockerd.pid");
}

async function until(done: () => Promise<boolean>, seconds: number, otherwise: string): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new LabError(otherwise);
    await sleep(200);
  }
}
