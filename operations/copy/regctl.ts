import { execa } from "execa";
import { OperationError } from "../operation-error.ts";
import type { Access } from "../registry-api/access.ts";
import type { Side } from "./side.ts";

/** The version that is tested; its flags are older. */
export const regctlVersion = "0.11.7";

/** Throws unless regctl is on this machine's PATH. */
export async function requireRegctl(): Promise<void> {
  const { code, failed, stderr } = await execa("regctl", ["version"], { reject: false });
  if (!failed) return;
  if (code === "ENOENT")
    throw new OperationError(
      `regctl is not on this machine's PATH, and copies the images; get version ${regctlVersion} or newer from https://github.com/regclient/regclient/releases, or by: go install github.com/regclient/regclient/cmd/regctl@v${regctlVersion}`,
    );
  throw new OperationError(
    `regctl version failed; install version ${regctlVersion} anew. It said: ${lastLine(stderr)}`,
  );
}

/**
 * The text of regctl's configuration, with the credentials of both sides. Nothing of the user's own docker configuration
 * is read beside it.
 * @see regclient: docs/regctl.md, and `Host` in config/host.go
 */
export function regctlConfig(sides: readonly { side: Side; access: Access }[]): string {
  const hosts = sides.map(({ side: { api, host, ca, logins }, access }) => {
    const login = logins(access);
    const tls = api.url.startsWith("http:") ? "disabled" : "enabled";
    return [host, { tls, ...(ca && { regcert: ca }), ...(login && { user: login.username, pass: login.password }) }];
  });
  return JSON.stringify({ hosts: Object.fromEntries(hosts), incDockerCred: false, incDockerCert: false });
}

export type ImageCopy = {
  /** Image references with the registry's host. */
  from: string;
  to: string;
  /** Has the path of regctl's configuration as REGCTL_CONFIG. */
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
};

/**
 * Copies an image with every platform and every referrer; what the destination has is not sent again. Returns why it
 * failed, undefined if it did not.
 */
export async function copyImage({ from, to, env, signal }: ImageCopy): Promise<string | undefined> {
  const { failed, stderr, shortMessage } = await execa("regctl", ["image", "copy", "--referrers", from, to], {
    // The login is in the configuration, which only this user can read.
    env: { ...env, REGISTRY_COPY_USERNAME: undefined, REGISTRY_COPY_PASSWORD: undefined },
    stdin: "ignore",
    stdout: "ignore",
    cancelSignal: signal,
    reject: false,
  });
  return failed ? shownError(lastLine(stderr) || (shortMessage ?? "regctl failed")) : undefined;
}

/** An error of regctl. Addresses of stores lose their query, which may hold a signature that gives access. */
export function shownError(line: string): string {
  return line.replaceAll(/(https?:\/\/[^\s"?]+)\?[^\s"]+/g, "$1?…");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
