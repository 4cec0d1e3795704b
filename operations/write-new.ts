import { writeFile } from "node:fs/promises";
import { givenPath } from "./common-args.ts";
import { OperationError } from "./operation-error.ts";

/**
 * Writes a new file where the user said, and never over one: a stack file may hold a salt and secrets that exist nowhere else.
 * `mode` is its permissions, of which the umask takes some. @default 0o666
 */
export async function writeNew(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    await writeFile(givenPath(file), text, { flag: "wx", mode });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new OperationError(`${file} is there already, and stays; take another name`);
    throw new OperationError(`${file} cannot be written: ${message}`);
  }
}
