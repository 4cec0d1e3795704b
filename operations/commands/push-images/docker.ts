import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { withLoginFolder } from "../../login-folder.ts";
import { OperationError } from "../../operation-error.ts";

export type DockerLogin = { host: string; username: string; password: string };

/** Throws unless Docker is installed on this machine and its daemon answers. */
export async function requireDocker(): Promise<void> {
  const { failed, code, stderr, shortMessage } = await execa("docker", ["version", "--format", "{{.Server.Version}}"], {
    reject: false,
  });
  if (!failed) return;
  if (code === "ENOENT")
    throw new OperationError("docker is not on this machine's PATH: https://docs.docker.com/engine/install/");
  throw new OperationError(
    `Docker does not answer; start it, then try again. It said: ${lastLine(stderr) || shortMessage}`,
  );
}

/** Runs `docker` and shows its output on standard error: standard output is for the result of the registry command. */
export async function docker(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { failed } = await execa("docker", args, {
    env,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: process.stderr,
    reject: false,
  });
  if (failed) throw new OperationError(`docker ${args.join(" ")} failed; see above`);
}

/**
 * Logs in, runs `act`, and logs out. The login is in a temporary Docker configuration, so that the user's own logins
 * stay as they are and no password is left behind. `act` gets the environment variables that select this
 * configuration.
 */
export async function loggedIn(login: DockerLogin, act: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const host = await dockerHost();
  // Ctrl-C also ends the running docker command. This handler does nothing, but keeps this process alive after Ctrl-C:
  // it then logs out, deletes the login and exits.
  process.on("SIGINT", waitForDocker);
  try {
    await withLoginFolder(async (folder) => {
      const env = { DOCKER_CONFIG: folder, DOCKER_HOST: host };
      await writeFile(join(folder, "config.json"), loginInFile(login.host));
      await logIn(login, env);
      try {
        await act(env);
      } finally {
        await execa("docker", ["logout", login.host], { env, reject: false });
      }
    });
  } finally {
    process.off("SIGINT", waitForDocker);
  }
}

/**
 * The text of a Docker configuration that makes docker store the login in this file. With no entry at all, docker would use
 * the machine's credential store, as on a desktop: a killed process would leave the login there, and the logout would
 * delete the user's own login to this registry.
 * @see docker/cli: cli/config/config.go, LoadDefaultConfigFile
 */
function loginInFile(host: string): string {
  return JSON.stringify({ auths: { [host]: {} } });
}

function waitForDocker(): void {}

/**
 * The address of the Docker daemon in the user's current context. A temporary configuration does not contain that
 * context, so the address is passed on as DOCKER_HOST.
 */
async function dockerHost(): Promise<string | undefined> {
  const format = ["--format", "{{.Endpoints.docker.Host}}"];
  const { failed, stdout } = await execa("docker", ["context", "inspect", ...format], { reject: false });
  return failed || stdout === "" ? process.env.DOCKER_HOST : stdout;
}

async function logIn({ host, username, password }: DockerLogin, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ["login", "--username", username, "--password-stdin", host];
  const { failed, stderr } = await execa("docker", args, { env, input: password, reject: false });
  if (failed) throw new OperationError(`docker login of ${username} at ${host}: ${loginFailure(stderr)}`);
}

/** The error message for a failed login: the likely cause, the next step and Docker's own last line. */
function loginFailure(said: string): string {
  const line = lastLine(said);
  if (/unauthorized|401|denied/i.test(line))
    return `refused: the registry has another password than the stack; run pulumi up, then try again. Docker said: ${line}`;
  if (/x509|certificate/i.test(line))
    return `this machine's Docker does not trust the registry; list the machine as a node with runtime docker (docs/node-trust.md). Docker said: ${line}`;
  if (/HTTP response to HTTPS/i.test(line))
    return `the registry speaks plain HTTP; list this machine as a node with runtime docker, which gets insecure-registries. Docker said: ${line}`;
  return `failed; is the registry reachable from here? Docker said: ${line}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
