import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "../../existing/plan.ts";
import { OperationError } from "../operation-error.ts";
import type { NextSteps } from "../registry-api/errors.ts";
import { RegistryApi } from "../registry-api/registry-api.ts";
import { dockerLogin } from "./docker-store.ts";
import { type Side, tries } from "./side.ts";
import { sourceAddress } from "./source-address.ts";

/** Where images come from. */
export type Source = Side & {
  /** The folder that is copied; empty for the whole registry. */
  path: string;
};

/** The registry at `HOST[:PORT][/PATH]`, with credentials from the environment or docker's own store. */
export async function openSource(text: string): Promise<Source> {
  const { host, url, path } = sourceAddress(text);
  const login = environmentLogin() ?? (await dockerLogin(host));
  const ca = await dockerCa(host);
  const logins = () => login;
  return { api: new RegistryApi({ url, ca }, logins, { tries, nextSteps: nextSteps(host) }), host, ca, logins, path };
}

function environmentLogin(): Credentials | undefined {
  const { REGISTRY_COPY_USERNAME: username, REGISTRY_COPY_PASSWORD: password } = process.env;
  if (!username && !password) return undefined;
  if (username && password) return { username, password };
  throw new OperationError("REGISTRY_COPY_USERNAME and REGISTRY_COPY_PASSWORD come together; set both or none");
}

/**
 * The CAs that docker trusts for this registry alone; empty if there are none.
 * @see https://docs.docker.com/engine/security/certificates/
 */
async function dockerCa(host: string): Promise<string> {
  const folders = ["/etc/docker/certs.d", join(homedir(), ".docker/certs.d")].map((folder) => join(folder, host));
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".crt")).map((name) => join(folder, name)),
    ),
  );
  return (await Promise.all(files.flat().map((file) => readFile(file, "utf8")))).join("\n");
}

function nextSteps(host: string): NextSteps {
  const environment = "REGISTRY_COPY_USERNAME and REGISTRY_COPY_PASSWORD";
  return {
    denied: ({ right }, username) => {
      const logIn = username === undefined ? `docker login ${host}` : "use a login that may";
      const names = right === "list" ? "; without the list, name the repositories: --match NAME[,NAME…]" : "";
      return `${logIn}, or set ${environment}${names}`;
    },
    certificate: `where a private CA signed it, put the CA into /etc/docker/certs.d/${host}/ca.crt`,
  };
}
