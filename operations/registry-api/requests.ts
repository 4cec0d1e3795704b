import { Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { createSecureContext } from "node:tls";
import pLimit from "p-limit";
import { basicAuthorization, tokenIn } from "../../existing/authorization.ts";
import { trustedCas } from "../../existing/cas.ts";
import { type Challenge, challengeIn } from "../../existing/challenge.ts";
import { type HttpAnswer, type HttpRequest, httpRequest } from "../../hosts/http-request.ts";
import { OperationError } from "../operation-error.ts";
import { type Access, type Logins, scopeOf } from "./access.ts";
import { deniedError, type NextSteps, stackNextSteps, unansweredError, unexpectedError } from "./errors.ts";

export type RegistryAddress = {
  /** `https://HOST[:PORT]`, or `http://` for a registry without TLS. */
  url: string;
  /** PEM of the CA that signed the registry's certificate; empty with a public CA. */
  ca: string;
};

export type ApiRequest = {
  method: "GET" | "HEAD" | "DELETE";
  /** The path below the registry's URL, as in `/v2/_catalog`. */
  path: string;
  access: Access;
  /** Media types. @default any */
  accept?: string;
};

export type RequestOptions = {
  /** How often a request is sent at most, while the server fails, closes the connection, or is asked too often. */
  tries: number;
  /** What error messages tell the user to do. */
  nextSteps: NextSteps;
};

/** How many requests are under way at a time. */
const concurrency = 16;
const timeoutMs = 30_000;
/** No manifest or config is larger: distribution stores manifests of 4 MiB at most. */
const maximumBytes = 16 * 1024 * 1024;

/**
 * Sends requests to one registry, and authenticates as the registry asks: first without credentials, then with a token
 * or a password, which it keeps for later requests.
 */
export class Requests implements Disposable {
  readonly #url: string;
  readonly #logins: Logins;
  readonly #limit = pLimit(concurrency);
  /** The Authorization header by scope. */
  readonly #authorizations = new Map<string, Promise<string | undefined>>();
  readonly #ca: string;
  readonly #tries: number;
  readonly #nextSteps: NextSteps;
  #isDisposed = false;
  /** Keep connections, for each kind of server. */
  readonly #agents = new Map<string, PlainAgent>();

  constructor(
    { url, ca }: RegistryAddress,
    logins: Logins,
    { tries = 2, nextSteps = stackNextSteps }: Partial<RequestOptions> = {},
  ) {
    this.#url = url;
    this.#tries = tries;
    this.#nextSteps = nextSteps;
    this.#ca = ca;
    this.#logins = logins;
  }

  /** Sends a request. Throws a DeniedError on 401 and 403; the caller handles every other status. */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    const answer = await this.#limit(() => this.#authenticated(request));
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const { access } = request;
    throw deniedError(this.#url, { access, username: this.#logins(access)?.username, answer }, this.#nextSteps);
  }

  /** Sends a GET without credentials. The caller handles every status. */
  plainly(path: string): Promise<HttpAnswer> {
    return this.#limit(() => this.#followed({ method: "GET", path }));
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#limit.clearQueue();
    for (const agent of this.#agents.values()) agent.destroy();
  }

  async #authenticated(request: ApiRequest): Promise<HttpAnswer> {
    const scope = scopeOf(request.access);
    const used = this.#authorizations.get(scope);
    const answer = await this.#followed(request, await used);
    const challenge = answer.status === 401 ? challengeIn(answer.headers["www-authenticate"]) : undefined;
    if (challenge === undefined) return answer;
    // Another request may have got a new token meanwhile.
    if (this.#authorizations.get(scope) === used)
      this.#authorizations.set(scope, this.#authorize(challenge, request.access));
    const authorization = await this.#authorizations.get(scope);
    return authorization === undefined ? answer : this.#followed(request, authorization);
  }

  /** The Authorization header for a challenge; undefined if the registry asks for a password and there is none. */
  async #authorize(challenge: Challenge, access: Access): Promise<string | undefined> {
    const login = this.#logins(access);
    if (challenge.scheme === "basic") return login && basicAuthorization(login);
    const server = this.#tokenServer(challenge.realm);
    if (challenge.service !== undefined) server.searchParams.set("service", challenge.service);
    server.searchParams.set("scope", scopeOf(access));
    const headers = login && { authorization: basicAuthorization(login) };
    const answer = await this.#retried(server, { method: "GET", headers });
    if (answer.status === 401 || answer.status === 403) return undefined;
    const token = answer.status === 200 ? tokenIn(answer) : undefined;
    if (token === undefined) throw unexpectedError(`${server.origin}, the registry's token server,`, answer);
    return `Bearer ${token}`;
  }

  /** The token server's URL. It has TLS, so that the password is encrypted, unless the registry itself has none. */
  #tokenServer(realm: string): URL {
    if (URL.canParse(realm) && isAllowed(new URL(realm), this.#url)) return new URL(realm);
    throw new OperationError(
      `${this.#url}: the token server that it names has no TLS, and so is sent no password; correct the realm in the registry's own configuration`,
    );
  }

  /** Sends a request, and follows one redirect, as of blobs to an S3 store. The store gets no credentials. */
  async #followed({ method, path, accept }: Omit<ApiRequest, "access">, authorization?: string): Promise<HttpAnswer> {
    const headers = { ...(accept && { accept }), ...(authorization && { authorization }) };
    const url = new URL(this.#url + path);
    const answer = await this.#retried(url, { method, headers });
    const { location } = answer.headers;
    if (method === "DELETE" || answer.status < 301 || answer.status > 308 || typeof location !== "string")
      return answer;
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (target === undefined || !isAllowed(target, this.#url)) return answer;
    return this.#retried(target, { method });
  }

  /** Sends a request, and again if the server fails or closes the connection, or is asked too often. */
  async #retried(url: URL, request: Pick<HttpRequest, "method" | "headers">): Promise<HttpAnswer> {
    const http = () => httpRequest(url, { ...request, agent: this.#agent(url), timeoutMs, maximumBytes });
    for (let left = this.#tries - 1; ; left--) {
      const answer = await http().catch((error: NodeJS.ErrnoException) => error);
      if (answer instanceof Error) {
        // Disposing closes connections, too.
        const isTransient = !this.#isDisposed && (answer.code === "ECONNRESET" || answer.code === "EPIPE");
        if (left === 0 || !isTransient) throw unansweredError(url.href, answer, this.#nextSteps);
      } else if (left === 0 || this.#isDisposed || (answer.status !== 429 && answer.status < 500)) return answer;
      await setTimeout(answer instanceof Error ? 0 : waitMs(answer));
    }
  }

  #agent({ protocol, origin }: URL): PlainAgent {
    const kind = protocol === "http:" ? "plain" : origin === new URL(this.#url).origin ? "own" : "others";
    const agent = this.#agents.get(kind) ?? this.#newAgent(kind);
    this.#agents.set(kind, agent);
    return agent;
  }

  #newAgent(kind: "plain" | "own" | "others"): PlainAgent {
    const options = { keepAlive: true, maxSockets: concurrency };
    if (kind === "plain") return new PlainAgent(options);
    // For the registry itself, only the stack's CA counts, as on nodes. Token servers and stores may have another CA.
    const ca = this.#ca === "" ? trustedCas() : kind === "own" ? [this.#ca] : [...trustedCas(), this.#ca];
    // Like Go's clients, trusts every certificate in `ca`, even an intermediate CA whose root is not in it.
    return new SecureAgent({ ...options, secureContext: createSecureContext({ ca, allowPartialTrustChain: true }) });
  }
}

function isAllowed({ protocol }: URL, registry: string): boolean {
  return protocol === "https:" || (protocol === "http:" && registry.startsWith("http:"));
}

/** How long to wait before the second try: as the server says, up to half a minute. */
function waitMs({ headers }: HttpAnswer): number {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) ? Math.min(seconds, 30) * 1000 : 500;
}
