import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { OperationError } from "../../operation-error.ts";
import { withLoginFolder } from "./login-folder.ts";

export type DockerLogin = { host: string; username: string; password: string };

/** Stops where this machine's Docker does not answer. */
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

/** Runs it with its output shown, on standard error: standard output is for what the command says. */
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
 * Logs in, and out again once `act` is done: in a configuration of its own, so that nobody's logins are touched and
 * none is left. `act` gets the variables that its pushes need.
 */
export async function loggedIn(login: DockerLogin, act: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const host = await dockerHost();
  // Ctrl-C reaches docker, too, and its end is ours: in order, with the login gone.
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
 * A configuration that has docker keep the login in this file. Without any entry it takes a credential store that it finds on
 * the machine, as on a desktop: the login would be left there by a kill, and the logout would end the person's own.
 * @see docker/cli: cli/config/config.go, LoadDefaultConfigFile
 */
function loginInFile(host: string): string {
  return JSON.stringify({ auths: { [host]: {} } });
}

function waitForDocker(): void {}

/** Of the context in use, which a configuration of its own would leave. */
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

/** What Docker said, and the next step. */
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
