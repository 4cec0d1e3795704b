import { type HttpAnswer, type HttpRequest, httpRequest } from "../hosts/http-request.ts";
import { basicAuthorization, tokenIn } from "./authorization.ts";
import { trustedCas } from "./cas.ts";
import { type Challenge, challengeIn } from "./challenge.ts";
import { noTokenError, realmError, tlsError, unansweredReason } from "./errors.ts";
import type { Credentials, Plan } from "./plan.ts";
import { NoAnswerError } from "./registry-error.ts";

export type Question = {
  method: HttpRequest["method"];
  /** The path below the registry's URL, as in `/v2/`. */
  path: string;
  /** The actions that a token is requested for, as in `pull,push`. @default none: the token proves the login only */
  actions?: string;
};

export type Reply = HttpAnswer & {
  /** The authentication that the registry asked for; undefined if it asked for none. */
  challenge?: Challenge;
  /**
   * The Authorization header that the client sent. Undefined if the registry asked for none, if its token server
   * returned no token, or if Basic authentication was asked for and there are no credentials.
   */
  authorization?: string;
};

/**
 * Time limits of one run, in seconds: for all requests together, and for a single request without any data from the
 * server.
 */
export type Limits = { totalSeconds: number; silentSeconds: number };

/**
 * An HTTP client for one registry that authenticates as docker does: it first sends a request without credentials, and
 * then repeats the request with the authentication that the registry asks for.
 */
export class RegistryClient {
  readonly #plan: Plan;
  readonly #limits: Limits;
  readonly #deadline: AbortSignal;

  constructor(plan: Plan, limits: Limits) {
    this.#plan = plan;
    this.#limits = limits;
    this.#deadline = AbortSignal.timeout(limits.totalSeconds * 1000);
  }

  /** Sends a request without credentials and without a token. */
  async openly({ method, path }: Question): Promise<HttpAnswer> {
    return this.#http(this.#plan.url + path, { method });
  }

  /** Sends a request, and repeats it with a token or the credentials if the registry asks for that. */
  async send(question: Question, login?: Credentials): Promise<Reply> {
    const open = await this.openly(question);
    const challenge = open.status === 401 ? challengeIn(open.headers["www-authenticate"]) : undefined;
    if (challenge === undefined) return open;
    const authorization = await this.#authorization(challenge, question, login);
    if (typeof authorization !== "string") return { ...(authorization ?? open), challenge };
    return { ...(await this.#again(question, authorization)), challenge, authorization };
  }

  /**
   * Cancels a started upload. Errors are ignored, since registries delete unfinished uploads themselves after some
   * time.
   */
  async cancel({ headers, authorization }: Reply): Promise<void> {
    const { url } = this.#plan;
    const given = String(headers.location ?? "");
    if (given === "" || !URL.canParse(given, url)) return;
    const location = new URL(given, url);
    if (location.host !== new URL(url).host) return;
    // The Location header's scheme is ignored: a registry behind a proxy that ends TLS may write http:// there.
    const path = location.pathname + location.search;
    await this.#again({ method: "DELETE", path }, authorization).catch(() => {});
  }

  #again({ method, path }: Question, authorization?: string): Promise<HttpAnswer> {
    const headers = authorization === undefined ? undefined : { authorization };
    return this.#http(this.#plan.url + path, { method, headers });
  }

  /**
   * Returns the Authorization header to send. If the token server returns no token, returns that server's answer.
   * Returns undefined for Basic authentication without credentials.
   */
  async #authorization(
    challenge: Challenge,
    { actions }: Question,
    login?: Credentials,
  ): Promise<string | HttpAnswer | undefined> {
    if (challenge.scheme === "basic") return login && basicAuthorization(login);
    const server = this.#tokenServer(challenge.realm);
    if (challenge.service !== undefined) server.searchParams.set("service", challenge.service);
    if (actions !== undefined) server.searchParams.set("scope", `repository:${this.#plan.repository}:${actions}`);
    const headers = login && { authorization: basicAuthorization(login) };
    const answer = await this.#http(server.href, { method: "GET", headers });
    if (answer.status === 200) return `Bearer ${tokenIn(answer) ?? fail(noTokenError(this.#plan, server, 200))}`;
    if (answer.status === 401 || answer.status === 403) return answer;
    if (answer.status === 429 || answer.status >= 500)
      throw new NoAnswerError(`its token server ${server.origin} answers ${answer.status}`);
    // Some token servers return no token without a scope. The later requests for push and pull then check the
    // credentials.
    if (actions === undefined) return answer;
    throw noTokenError(this.#plan, server, answer.status);
  }

  /**
   * The token server's URL. It must have TLS, so that the password is encrypted, unless the registry itself is plain
   * HTTP.
   */
  #tokenServer(realm: string): URL {
    const { url } = this.#plan;
    const server = URL.canParse(realm) ? new URL(realm) : undefined;
    const allowed = url.startsWith("https:") ? ["https:"] : ["http:", "https:"];
    if (server === undefined || !allowed.includes(server.protocol)) throw realmError(this.#plan, server);
    return server;
  }

  async #http(url: string, request: Pick<HttpRequest, "method" | "headers">): Promise<HttpAnswer> {
    const own = new URL(url).origin === new URL(this.#plan.url).origin;
    const { ca } = this.#plan;
    // For the registry itself, only the CA from the stack file counts, as on nodes. A token server on another host may
    // have a certificate of another CA.
    const cas = ca === undefined ? trustedCas() : own ? [ca] : [...trustedCas(), ca];
    const timeoutMs = this.#limits.silentSeconds * 1000;
    const limits = { timeoutMs, signal: this.#deadline, maximumBytes };
    try {
      return await httpRequest(url, { ...request, ca: cas, ...limits });
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const late = this.#deadline.aborted ? `no answer within ${this.#limits.totalSeconds} s` : undefined;
      const failure = late ? undefined : await tlsError(this.#plan, { url, code, timeoutMs });
      throw failure ?? new NoAnswerError(late ?? unansweredReason(url, code));
    }
  }
}

/** The limit for an answer's size, far more than any answer needs: a token with many rights has some kilobytes. */
const maximumBytes = 1024 * 1024;

function fail(error: Error): never {
  throw error;
}
