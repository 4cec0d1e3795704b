import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { withLoginFolder } from "../login-folder.ts";
import { OperationError } from "../operation-error.ts";

/**
 * Makes an ed25519 key for a machine, in OpenSSH's format. By ssh-keygen: ssh2's own generator drops a leading zero, so
 * that sshd refuses one key in a hundred.
 */
export function newHostKey(): Promise<{ privateKey: string; publicKey: string }> {
  return withLoginFolder(async (folder) => {
    const file = join(folder, "key");
    try {
      await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file], { stdin: "ignore" });
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      const why =
        error.code === "ENOENT" ? "is not on this machine's PATH; install OpenSSH's client" : error.shortMessage;
      throw new OperationError(`ssh-keygen ${why}`);
    }
    const publicKey = await readFile(`${file}.pub`, "utf8");
    return { privateKey: await readFile(file, "utf8"), publicKey: publicKey.trim() };
  });
}
