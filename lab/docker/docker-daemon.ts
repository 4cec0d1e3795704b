import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { ensurePrograms, isDebianRoot } from "../debian/debian.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { subnet } from "../network/subnet.ts";
import { step } from "../progress.ts";
import { stateDirectory } from "../state.ts";
import { dockerSays } from "./docker.ts";
import { removeLeftoverNetwork } from "./leftover-network.ts";

/** Ensures that a Docker daemon runs. On Debian as root, the lab installs and starts one where none answers. */
export async function ensureDocker(): Promise<void> {
  if (await dockerAnswers()) return;
  const otherwise = noDocker(process.platform);
  if (!(await isDebianRoot())) throw new LabError(otherwise);
  await ensurePrograms({ dockerd: ["docker.io"], iptables: ["iptables"] }, otherwise);
  // Since Debian 13 the client is a separate package.
  await ensurePrograms({ docker: ["docker-cli"] }, otherwise);
  if (await dockerAnswers()) return;
  await step("Docker: start the daemon", (await exists("/run/systemd/system")) ? startService : startDaemon);
}

/** What to do where no Docker daemon answers, and the lab cannot install one. */
export function noDocker(platform: NodeJS.Platform): string {
  const nextStep =
    platform === "darwin"
      ? "start Docker Desktop, OrbStack or Colima, then run this again"
      : "start Docker, then run this again (as root on Debian or Ubuntu the lab installs and starts Docker itself)";
  return `the lab needs Docker, and no daemon answers \`docker version\`; ${nextStep}`;
}

/** Stops the Docker daemon that the lab started without systemd, and removes its data. Any other daemon is left alone. */
export async function stopOwnDaemon(): Promise<void> {
  const pid = await ownDaemon();
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    await until(async () => (await ownDaemon()) === undefined, 180, "dockerd did not stop within 180 s");
    await execa("ip", ["link", "delete", "docker0"], { reject: false });
  }
  // dockerd bind-mounts its data root on itself; a killed daemon leaves that mount.
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

/** Starts dockerd without systemd, as in a container or a minimal VM. */
async function startDaemon(): Promise<void> {
  const directory = daemonDirectory();
  await mkdir(directory, { recursive: true });
  // A killed daemon leaves its pid file, and dockerd does not start while any process has that pid.
  if ((await ownDaemon()) === undefined) await rm(pidFile(), { force: true });
  await removeLeftoverNetwork(subnet);
  const log = await open(join(directory, "dockerd.log"), "w");
  const args = ["--pidfile", pidFile(), "--data-root", dataRoot()];
  spawn("dockerd", args, { detached: true, stdio: ["ignore", log.fd, log.fd] }).unref();
  await log.close();
  await until(dockerAnswers, 120, `dockerd does not answer; see ${join(directory, "dockerd.log")}`);
}

/** The pid of the daemon that the lab started, while it runs. The command line is checked, as pids are reused. */
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
