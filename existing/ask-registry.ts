import type { HttpAnswer } from "../hosts/http-request.ts";
import { placeholderTag } from "../settings/formats/image-reference.ts";
import { challengeIn } from "./challenge.ts";
import { loginError, notARegistryError, permissionError, pullNeedsLoginError, reason } from "./errors.ts";
import type { Credentials, Plan, Summary } from "./plan.ts";
import { type Limits, RegistryClient, type Reply } from "./registry-client.ts";
import { NoAnswerError } from "./registry-error.ts";

/** Generous to a slow registry, and yet an `up` goes on. */
const limits: Limits = { totalSeconds: 60, silentSeconds: 15 };

/**
 * Asks a registry that somebody else runs whether it takes the stack's credentials, and for what. Ends in a RegistryError
 * where it refuses; where it cannot be asked from here, a warning says so.
 */
export async function askRegistry(plan: Plan, login?: Credentials, within: Limits = limits): Promise<Summary> {
  const client = new RegistryClient(plan, within);
  const warnings: string[] = [];
  try {
    const ping = await client.openly({ method: "GET", path: "/v2/" });
    requireRegistry(plan, ping);
    if (login && ping.status === 401) await proveLogin(client, plan, login);
    if (login && plan.requiresAuthForPush) warnings.push(...(await provePush(client, plan, login)));
    warnings.push(...(await provePull(client, plan, login)));
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    warnings.push(
      `${plan.url} could not be asked from this machine: ${error.message}. Nodes may be able to connect to it all the same; whether its settings and credentials are right is not known`,
    );
  }
  return { warnings };
}

function requireRegistry(plan: Plan, ping: HttpAnswer): void {
  const { status, headers } = ping;
  if (status === 403) throw new NoAnswerError("it answers this machine 403, whoever asks");
  if (status === 429 || status >= 500) throw new NoAnswerError(`it answers ${status} at present`);
  const isPage = String(headers["content-type"] ?? "").includes("html");
  const isRegistry =
    status === 401 ? challengeIn(headers["www-authenticate"]) !== undefined : status === 200 && !isPage;
  if (!isRegistry) throw notARegistryError(plan, ping);
}

/** As `docker login` does. */
async function proveLogin(client: RegistryClient, plan: Plan, login: Credentials): Promise<void> {
  const reply = await client.send({ method: "GET", path: "/v2/" }, login);
  if (isDenied(reply)) throw loginError(plan, reply);
}

/** Begins an upload, and ends it: nothing else tells whether a registry takes one. Nothing is stored. */
async function provePush(client: RegistryClient, plan: Plan, login: Credentials): Promise<string[]> {
  const path = `/v2/${plan.repository}/blobs/uploads/`;
  const reply = await client.send({ method: "POST", path, actions: "pull,push" }, login);
  if (isDenied(reply)) throw rejectionError(plan, "push to", reply);
  if (reply.status !== 202)
    return [
      `${plan.url}: whether registryUsername may push to ${plan.repository} could not be found out (${reason(reply)}); see that the repository is there, or name one that is: variant.probeRepository`,
    ];
  await client.cancel(reply);
  if (reply.authorization !== undefined) return [];
  return [
    `${plan.url}: anybody may push to ${plan.repository}, so registryPassword was not asked for; set containerRegistry.requiresAuthForPush: false, or have the registry ask`,
  ];
}

async function provePull(client: RegistryClient, plan: Plan, login: Credentials | undefined): Promise<string[]> {
  const path = `/v2/${plan.repository}/manifests/${placeholderTag}`;
  const question = { method: "GET", path, actions: "pull" } as const;
  if (plan.requiresAuthForPull) {
    const reply = await client.send(question, login);
    if (isDenied(reply)) throw rejectionError(plan, "pull from", reply);
    return [];
  }
  const reply = await client.send(question);
  if (!isDenied(reply)) return [];
  // Basic knows nobody but its accounts. By tokens, what is not there is often kept as secret as what is private.
  if (reply.challenge?.scheme === "basic") throw pullNeedsLoginError(plan, reply);
  return [
    `${plan.url}: nobody pulls from ${plan.repository} without a login (${reason(reply)}), and containerRegistry.requiresAuthForPull is false; set it to true, or name a repository that is public: variant.probeRepository`,
  ];
}

/** 401 after the login itself was sent says that the login is wrong; a token is given for the right alone. */
function rejectionError(plan: Plan, right: "push to" | "pull from", reply: Reply) {
  const loginItself = reply.status === 401 && reply.challenge?.scheme === "basic";
  return loginItself ? loginError(plan, reply) : permissionError(plan, right, reply);
}

function isDenied({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403;
}
