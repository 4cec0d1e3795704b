import { once } from "node:events";
import { rmSync } from "node:fs";
import { access, constants, lstat, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { constants as os, tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "registry-login-";

/**
 * The name of a Unix socket in each login folder. The process that uses the folder listens on it, and the kernel ends
 * the listening with the process, even after SIGKILL. So nobody listens on the socket of an abandoned folder.
 */
const held = "held";

/**
 * Runs `act` with a private temporary folder for a login, and deletes the folder afterwards, also after a signal or an
 * exception. SIGKILL leaves the folder behind; the next call deletes it.
 */
export async function withLoginFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const parents = await writableFolders();
  for (const parent of parents) await removeAbandoned(parent);
  const folder = await mkdtemp(join(parents[0] ?? tmpdir(), prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of endings) process.once(signal, exit);
  try {
    const holder = await hold(folder);
    return await act(folder).finally(() => holder.close());
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of endings) process.off(signal, exit);
  }
}

/**
 * Signals after which the process deletes the folder and exits at once: CI sends SIGKILL soon after SIGTERM, and a
 * closing terminal sends SIGHUP.
 */
const endings = ["SIGHUP", "SIGTERM", "SIGQUIT"] as const;

function exit(signal: (typeof endings)[number]): never {
  process.exit(128 + os.signals[signal]);
}

/**
 * The folders in which a login folder may be created. Those in memory come first: a login that is left there is lost
 * when the machine is switched off.
 */
async function writableFolders(): Promise<string[]> {
  const parents = [process.env.XDG_RUNTIME_DIR, "/dev/shm", tmpdir()];
  const usable = await Promise.all(
    parents.map((parent) =>
      access(parent || "/nowhere", constants.R_OK | constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return parents.flatMap((parent, index) => (parent && usable[index] ? [parent] : []));
}

/**
 * Marks the folder as used, by listening on its socket. The socket gets its final name only once it listens, so that
 * another process never finds one of that name on which nobody listens yet.
 */
async function hold(folder: string): Promise<Server> {
  const server = createServer((asking) => asking.destroy()).unref();
  server.listen(join(folder, "starting"));
  await once(server, "listening");
  await rename(join(folder, "starting"), join(folder, held));
  return server;
}

/** Deletes the login folders of this user whose process has ended. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (name.startsWith(prefix) && (await isOwn(folder)) && (await isAbandoned(folder)))
      await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Whether this user owns the folder. Another user's folder is left alone: its owner could replace it by something else
 * while this program deletes it.
 */
async function isOwn(folder: string): Promise<boolean> {
  const { uid, isFolder } = await lstat(folder).then(
    (found) => ({ uid: found.uid, isFolder: found.isDirectory() }),
    () => ({ uid: undefined, isFolder: false }),
  );
  return isFolder && uid === process.getuid?.();
}

/**
 * Whether the folder's process has ended: its socket exists and nobody listens on it. A folder without a socket counts
 * as used: its login is not written yet, or an older version of this program uses it.
 */
function isAbandoned(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = connect(join(folder, held));
    asking.once("connect", () => {
      asking.destroy();
      resolve(false);
    });
    asking.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
  });
}
