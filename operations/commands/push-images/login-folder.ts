import { once } from "node:events";
import { rmSync } from "node:fs";
import { access, constants, lstat, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { constants as os, tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "registry-login-";

/** The socket in a folder that somebody uses. Its listener goes with the process, however that ends. */
const held = "held";

/**
 * Runs `act` with a private folder for a login, which goes at the end: also by a signal and by an exception. What no program
 * sees coming, such as SIGKILL, leaves the folder, in memory where the machine has a folder there, to the next call.
 */
export async function withLoginFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const parents = await writableFolders();
  for (const parent of parents) await removeAbandoned(parent);
  const folder = await mkdtemp(join(parents[0] ?? tmpdir(), prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of endings) process.once(signal, exit);
  try {
    const holder = await hold(folder);
    await act(folder).finally(() => holder.close());
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of endings) process.off(signal, exit);
  }
}

/** A CI that ends a job kills soon after, and a terminal that goes takes all with it: what is left to do is done at once. */
const endings = ["SIGHUP", "SIGTERM", "SIGQUIT"] as const;

function exit(signal: (typeof endings)[number]): never {
  process.exit(128 + os.signals[signal]);
}

/** Folders in memory first: what is left there goes with the machine's power, too. */
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

/** Shows others that the folder is in use, from the moment on that there is something under that name. */
async function hold(folder: string): Promise<Server> {
  const server = createServer((asking) => asking.destroy()).unref();
  server.listen(join(folder, "starting"));
  await once(server, "listening");
  await rename(join(folder, "starting"), join(folder, held));
  return server;
}

/** Removes this person's folders whose process is gone. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (name.startsWith(prefix) && (await isOwn(folder)) && (await isAbandoned(folder)))
      await rm(folder, { recursive: true, force: true });
  }
}

/** Not somebody else's, who could put another folder in its place while it is removed. */
async function isOwn(folder: string): Promise<boolean> {
  const { uid, isFolder } = await lstat(folder).then(
    (found) => ({ uid: found.uid, isFolder: found.isDirectory() }),
    () => ({ uid: undefined, isFolder: false }),
  );
  return isFolder && uid === process.getuid?.();
}

/** Only a socket that nobody listens at says so. A folder without one has no login in it yet, or is in use by an older version. */
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
