import pLimit from "p-limit";
import { apiUrl } from "../../../existing/api-url.ts";
import { trustedCas } from "../../../existing/cas.ts";
import { challengeIn } from "../../../existing/challenge.ts";
import type { Credentials } from "../../../existing/plan.ts";
import { placeholderTag, probeRepository } from "../../../settings/formats/image-reference.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { mendsOf } from "../mends.ts";
import type { ClientFacts } from "./client-facts.ts";
import { answered, ClientRequests } from "./client-requests.ts";
import { resolved, shownCertificate, tcp } from "./connection.ts";
import { pushAndPull } from "./push-and-pull.ts";
import { pushTarget } from "./push-target.ts";

/** How many accounts log in, since each login costs the registry a tenth of a second of computing. */
const mostLogins = 20;

/** Asks the registry as its clients do, from this machine: each step needs the ones before it. */
export async function askAsClient(stack: LiveStack, outputs: StackOutputs): Promise<ClientFacts> {
  const { settings } = stack;
  const { containerRegistry, variant, accounts } = settings;
  const url = apiUrl(outputs.registryUrl);
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === "https:";
  const own = variant.kind !== "existing";
  const start = {
    ...{ url, name: hostname.replace(/[[\]]/g, ""), port: Number(port || (secure ? 443 : 80)), now: Date.now() },
    ...{ addresses: [] as string[], logins: [], mends: mendsOf(stack) },
    wanted: {
      anonymousPull: !containerRegistry.requiresAuthForPull,
      ownChallenge: own,
      loginForPush: own || containerRegistry.requiresAuthForPush,
      accounts,
    },
  };

  const addresses = await resolved(start.name).catch((error: Error) => error);
  if (addresses instanceof Error) return { ...start, resolveError: addresses.message };
  const connection = await tcp(start.name, start.port);
  const reached = { ...start, addresses, connection };
  if (connection !== "open") return reached;
  const plain = variant.kind === "host" && secure ? await plainHttp(start.name) : undefined;
  const shown = secure ? await shownCertificate(start.name, start.port, outputs.registryCa) : undefined;
  if (shown && "error" in shown) return { ...reached, ...plain, connection: shown.error };
  const seen = { ...reached, ...plain, ...shown };
  if (seen.certificate?.error !== undefined) return seen;

  return { ...seen, ...(await asRegistry(stack, outputs, url)) };
}

async function plainHttp(name: string): Promise<Pick<ClientFacts, "plain">> {
  const { status, reason, answer } = await answered(new URL(`http://${bracketed(name)}/v2/`), { method: "GET" });
  const location = answer?.headers.location;
  return { plain: { status, ...(reason && { reason }), ...(typeof location === "string" && { location }) } };
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

type Answers = Pick<
  ClientFacts,
  "ping" | "clockOffset" | "anonymousPull" | "anonymousPush" | "wrongPassword" | "logins" | "push"
>;

async function asRegistry({ settings }: LiveStack, outputs: StackOutputs, url: string): Promise<Answers> {
  const { containerRegistry, variant, accounts, immutableTags } = settings;
  const known = loginsOf(accounts, outputs);
  const credentials = (account: string) => known.find(({ username }) => username === account);
  const usable = accounts.filter(({ name }) => credentials(name) !== undefined);
  const target = variant.kind === "existing" ? undefined : pushTarget(usable, immutableTags);
  const repository = target?.repository ?? probeRepository(containerRegistry);
  const { requiresAuthForPush, requiresAuthForPull } = containerRegistry;
  const ca = outputs.registryCa;
  const plan = { url, repository, requiresAuthForPush, requiresAuthForPull, ...(ca !== "" && { ca }) };
  const requests = new ClientRequests(plan, ca === "" ? trustedCas() : [ca]);

  const { answer, ...pinged } = await requests.plainly("/v2/", { method: "GET" });
  const date = Date.parse(String(answer?.headers.date ?? ""));
  const challenge = challengeIn(answer?.headers["www-authenticate"]);
  const ping = {
    ...pinged,
    ...(challenge && { login: challenge.scheme }),
    ...(challenge?.scheme === "bearer" && { realm: challenge.realm }),
  };
  const clockOffset = Number.isNaN(date) ? {} : { clockOffset: Math.round((date - Date.now()) / 1000) };
  if (pinged.status !== 401 && pinged.status !== 200) return { ping, ...clockOffset, logins: [] };

  const manifest = `/v2/${repository}/manifests/${placeholderTag}`;
  const anonymousPull = (await requests.ask({ method: "GET", path: manifest, actions: "pull" })).outcome;
  // What reads the storage hangs: so does every other question.
  if (anonymousPull.status === 0) return { ping, ...clockOffset, anonymousPull, logins: [] };
  const anonymousPush = await tryToPush(requests, repository);

  const limit = pLimit(4);
  const login = async ({ username, password }: Credentials) => ({
    account: username,
    ...(await requests.ask({ method: "GET", path: "/v2/" }, { username, password })).outcome,
  });
  // Without a challenge for `GET /v2/`, no password is looked at.
  const checksPasswords = pinged.status === 401;
  const logins = checksPasswords ? await Promise.all(known.map((each) => limit(() => login(each)))) : [];
  const [first] = known;
  const wrong = first && checksPasswords ? await login({ ...first, password: "this is nobody's password" }) : undefined;

  const [pusher, deleter] = [credentials(target?.account ?? ""), credentials(target?.deleter ?? "")];
  const mayLogIn = logins.every(({ status }) => status === 200);
  const push =
    target && pusher && deleter && mayLogIn ? await pushAndPull(requests, target, { pusher, deleter }) : undefined;
  return {
    ...{ ping, ...clockOffset, anonymousPull, anonymousPush, logins },
    ...(wrong && { wrongPassword: wrong }),
    ...(push && { push }),
  };
}

/** Starts an upload without credentials, and cancels it where that succeeds. */
async function tryToPush(requests: ClientRequests, repository: string) {
  const path = `/v2/${repository}/blobs/uploads/`;
  const { outcome, reply } = await requests.ask({ method: "POST", path, actions: "pull,push" });
  if (reply?.status === 202) await requests.cancel(reply);
  return outcome;
}

function loginsOf(accounts: LiveStack["settings"]["accounts"], outputs: StackOutputs): Credentials[] {
  const today = new Date().toISOString().slice(0, 10);
  const expired = accounts.filter(({ expires = today }) => expires < today).map(({ name }) => name);
  return Object.entries(outputs.accounts)
    .filter(([name]) => !expired.includes(name))
    .slice(0, mostLogins)
    .map(([username, password]) => ({ username, password }));
}
