import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { Answers } from "../new-stack/questions.ts";
import { OperationError } from "../operation-error.ts";

type UserData = { users?: { name?: string }[]; ssh_keys?: { ed25519_public?: string } };

/** The answers that a file of `registry cloud-init` has: who logs in, and the machine's public host key. */
export async function loginOf(path: string): Promise<Answers> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new OperationError(`${path} cannot be read: ${error.message}`);
  });
  const { users: [{ name } = {}] = [], ssh_keys: { ed25519_public: hostKey } = {} } = userData(path, text);
  if (name === undefined || hostKey === undefined)
    throw new OperationError(
      `${path} has no users and ssh_keys.ed25519_public; make one: npm run -s registry -- cloud-init`,
    );
  return { "variant.connection.user": name, "variant.connection.hostKey": hostKey };
}

function userData(path: string, text: string): UserData {
  try {
    return Object(parse(text)) as UserData;
  } catch {
    // YAML's own message would quote a part of the file, which holds a private key.
    throw new OperationError(`${path} is no YAML; make another: npm run -s registry -- cloud-init`);
  }
}
