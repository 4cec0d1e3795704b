import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Credentials } from "../../existing/plan.ts";
import { OperationError } from "../operation-error.ts";
import { jsonIn } from "../registry-api/json-in.ts";

const DockerConfig = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** The name under which `docker login` stores Docker Hub. */
const dockerHub = "https://index.docker.io/v1/";

/** What helpers give as the user name where they store a token instead of a password. */
const tokenUser = "<token>";

/**
 * The login that `docker login HOST` left, in docker's configuration or in the credential helper that it names;
 * undefined if there is none.
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export async function dockerLogin(host: string): Promise<Credentials | undefined> {
  const path = join(process.env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json");
  const text = await readFile(path, "utf8").catch(() => "{}");
  const read = DockerConfig.safeParse(jsonIn(text));
  if (!read.success) throw new OperationError(`${path} is no configuration of docker; correct it, or ${byEnvironment}`);
  const { auths = {}, credsStore, credHelpers = {} } = read.data;
  const name = host === "docker.io" ? dockerHub : host;
  const helper = credHelpers[name] ?? credsStore;
  if (helper !== undefined) return helperLogin(helper, name);
  const stored = auths[name] ?? auths[`https://${name}`];
  if (stored?.identitytoken) throw tokenError(host);
  return stored?.auth === undefined ? undefined : decoded(stored.auth);
}

/** Asks a credential helper, as docker does: the registry's name by standard input. */
async function helperLogin(helper: string, name: string): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { failed, code, stdout } = await execa(program, ["get"], { input: name, reject: false });
  if (code === "ENOENT")
    throw new OperationError(
      `docker's configuration names ${program}, which is not on PATH; install it, or ${byEnvironment}`,
    );
  // Helpers also fail where they have no login for that registry.
  const answer = failed ? undefined : HelperAnswer.safeParse(jsonIn(stdout)).data;
  if (answer?.Username === tokenUser) throw tokenError(name);
  return answer && { username: answer.Username, password: answer.Secret };
}

/** The password may contain colons, the user name may not. */
function decoded(auth: string): Credentials | undefined {
  const [, username, password] = /^([^:]+):([\s\S]*)$/.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

function tokenError(host: string): OperationError {
  return new OperationError(`docker's login at ${host} is a token, which is not supported; ${byEnvironment}`);
}

const byEnvironment = "set REGISTRY_COPY_USERNAME and REGISTRY_COPY_PASSWORD";
