import { readFile } from "node:fs/promises";
import ssh2 from "ssh2";
import { givenPath } from "../common-args.ts";
import { OperationError } from "../operation-error.ts";

/** The line of a public SSH key's file, as `authorized_keys` takes it. */
export async function publicKeyLine(file: string): Promise<string> {
  const text = await readFile(givenPath(file), "utf8").catch((error: Error) => {
    throw new OperationError(`${file} cannot be read: ${error.message}; make one: ssh-keygen -t ed25519`);
  });
  if (text.includes("PRIVATE KEY"))
    throw new OperationError(`${file} is a private key, which stays here; give the public one: ${file}.pub`);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [line = ""] = lines;
  if (lines.length !== 1 || ssh2.utils.parseKey(line) instanceof Error)
    throw new OperationError(`${file} is no public SSH key, one line as in "ssh-ed25519 AAAA… you@laptop"`);
  return line.trim();
}
