import type { HttpAnswer } from "../hosts/http-request.ts";
import { placeholderTag } from "../settings/formats/image-reference.ts";
import { challengeIn } from "./challenge.ts";
import { loginError, notARegistryError, permissionError, pullNeedsLoginError, reason } from "./errors.ts";
import type { Credentials, Plan, Summary } from "./plan.ts";
import { type Limits, RegistryClient, type Reply } from "./registry-client.ts";
import { NoAnswerError } from "./registry-error.ts";

/** Time for a slow registry to answer. After it the check ends with a warning, so that `up` continues. */
const limits: Limits = { totalSeconds: 60, silentSeconds: 15 };

/**
 * Checks whether a registry that somebody else runs accepts the stack's credentials, and allows the push and pull that
 * the stack file asks for. Throws a RegistryError if the registry denies them. If this machine cannot ask the registry,
 * the summary has a warning instead.
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

/** Checks the credentials with `GET /v2/`, the same request as `docker login`. */
async function proveLogin(client: RegistryClient, plan: Plan, login: Credentials): Promise<void> {
  const reply = await client.send({ method: "GET", path: "/v2/" }, login);
  if (isDenied(reply)) throw loginError(plan, reply);
}

/**
 * Checks the push right by starting an upload and cancelling it, since a registry has no other way to ask for that
 * right. No blob is stored.
 */
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
  // With Basic authentication, a registry that asks for a login has no anonymous pull. With tokens it may have: many
  // registries answer the same for a missing repository as for a private one.
  if (reply.challenge?.scheme === "basic") throw pullNeedsLoginError(plan, reply);
  return [
    `${plan.url}: nobody pulls from ${plan.repository} without a login (${reason(reply)}), and containerRegistry.requiresAuthForPull is false; set it to true, or name a repository that is public: variant.probeRepository`,
  ];
}

/**
 * The error for a denied push or pull. With Basic authentication, 401 means that the credentials are wrong. Every other
 * denial means that the credentials do not have the right.
 */
function rejectionError(plan: Plan, right: "push to" | "pull from", reply: Reply) {
  const loginItself = reply.status === 401 && reply.challenge?.scheme === "basic";
  return loginItself ? loginError(plan, reply) : permissionError(plan, right, reply);
}

function isDenied({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403;
}
