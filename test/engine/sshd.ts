import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensurePrograms } from "../../lab/debian/debian.ts";
import { exists } from "../../lab/exists.ts";
import { LabError } from "../../lab/lab-error.ts";
import { freePort } from "../../lab/network/free-port.ts";

export type SshdOptions = {
  /** Lines for sshd_config. */
  lines?: string[];
};

/** A real sshd on a loopback port, with keys of its own, that lets this user in by key. */
export type Sshd = AsyncDisposable & {
  port: number;
  user: string;
  /** As `connection.hostKey` takes it. */
  hostKey: string;
  /** OpenSSH's own format. */
  privateKey: string;
  /** The same key, encrypted. */
  lockedKey: { privateKey: string; privateKeyPassword: string };
  /** What `connection` needs to get in. */
  connection: { host: string; port: number; user: string; privateKey: string; hostKey: string };
  /** A folder for what tests leave behind. */
  folder: string;
  /** TCP connections taken so far. */
  connections(): Promise<number>;
};

export async function startSshd({ lines = [] }: SshdOptions = {}): Promise<Sshd> {
  await ensureSshd();
  const folder = await mkdtemp(join(tmpdir(), "sshd-"));
  // sshd looks for nothing in a folder that others could write to.
  await chmod(folder, 0o755);
  await makeKey(join(folder, "host_key"), "");
  await makeKey(join(folder, "key"), "");
  await execa("cp", [join(folder, "key"), join(folder, "locked_key")]);
  await execa("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open sesame", "-f", join(folder, "locked_key")]);

  const port = await freePort();
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host_key")}`,
    `AuthorizedKeysFile ${join(folder, "key.pub")}`,
    "PidFile none",
    "PasswordAuthentication no",
    "UsePAM no",
    "StrictModes no",
    "LogLevel VERBOSE",
    "Subsystem sftp internal-sftp",
    ...lines,
  ];
  await writeFile(join(folder, "sshd_config"), `${config.join("\n")}\n`);
  const log = join(folder, "log");
  await writeFile(log, "");
  const daemon = execa("/usr/sbin/sshd", ["-D", "-f", join(folder, "sshd_config"), "-E", log], {
    reject: false,
    stdio: "ignore",
  });
  await untilLogged(log, "Server listening");

  const user = userInfo().username;
  const privateKey = await readFile(join(folder, "key"), "utf8");
  const hostKey = (await readFile(join(folder, "host_key.pub"), "utf8")).trim();
  return {
    port,
    user,
    hostKey,
    privateKey,
    lockedKey: {
      privateKey: await readFile(join(folder, "locked_key"), "utf8"),
      privateKeyPassword: "open sesame",
    },
    connection: { host: "127.0.0.1", port, user, privateKey, hostKey },
    folder,
    connections: async () => (await readFile(log, "utf8")).split("Connection from ").length - 1,
    async [Symbol.asyncDispose]() {
      daemon.kill();
      await daemon;
      await rm(folder, { recursive: true });
    },
  };
}

async function ensureSshd(): Promise<void> {
  const sshd = "/usr/sbin/sshd";
  // Where an init system runs, the package would start the daemon for all the world.
  if (!(await exists(sshd)) && (await exists("/run/systemd/system"))) throw new LabError(noSshd);
  await ensurePrograms({ [sshd]: ["openssh-server"] }, noSshd);
  // Where sshd, run by root, shuts its unprivileged half in.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
}

const noSshd = "these tests start an sshd of their own on a loopback port: install OpenSSH's server first";

async function makeKey(path: string, passphrase: string): Promise<void> {
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", path]);
}

async function untilLogged(log: string, text: string): Promise<void> {
  for (let waited = 0; !(await readFile(log, "utf8")).includes(text); waited += 20) {
    if (waited > 30_000) throw new Error(`sshd does not listen; it said:\n${await readFile(log, "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
