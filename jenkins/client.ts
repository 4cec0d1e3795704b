import { setTimeout as sleep } from "node:timers/promises";
import { type HttpAnswer, type HttpRequest, httpRequest } from "../hosts/http-request.ts";
import type { JenkinsAccess } from "./access.ts";
import { answerError, connectionError } from "./errors.ts";
import { JenkinsError } from "./jenkins-error.ts";
import { defaultRetryPolicy, type RetryPolicy, waitMs } from "./retry-policy.ts";

export type Call = {
  method?: HttpRequest["method"];
  /** The path below jenkins.url. It starts with a slash. */
  path: string;
  /** The action's name in error messages, as in `creating container-registry`. */
  doing: string;
  /** The request body, which is XML. */
  body?: string;
  /** HTTP statuses besides 200 that the caller handles itself, and that are no error. */
  also?: readonly number[];
};

const timeoutMs = 30_000;

/**
 * An HTTP client for one Jenkins. It adds the credentials and the crumb, and retries while Jenkins starts or does not
 * answer. Its errors name the next step.
 */
export class JenkinsClient {
  readonly login: JenkinsAccess;
  readonly #retryPolicy: RetryPolicy;
  /**
   * The headers with the crumb and its session, for POST requests with a password. Undefined until Jenkins was asked.
   */
  #meant: Record<string, string> | undefined;

  constructor(login: JenkinsAccess, retryPolicy: RetryPolicy = defaultRetryPolicy) {
    this.login = { ...login, url: login.url.replace(/\/+$/, "") };
    this.#retryPolicy = retryPolicy;
  }

  /**
   * Sends a request and returns the answer if its status is 200 or in `also`. Throws a JenkinsError for any other
   * status.
   */
  async call(call: Call): Promise<HttpAnswer> {
    let received = await this.#sent(call);
    if (isStaleCrumb(received) && this.#meant !== undefined) {
      this.#meant = undefined;
      received = await this.#sent(call);
    }
    if (received.status === 200 || call.also?.includes(received.status)) return received;
    throw answerError(this.login, call.doing, received);
  }

  /** Requests JSON and returns it parsed, or undefined if the answer's status is in `also`. */
  async json({ path, doing, also = [] }: Pick<Call, "path" | "doing" | "also">): Promise<unknown> {
    const answer = await this.call({ path, doing, also });
    return also.includes(answer.status) ? undefined : this.#parsed(answer, doing);
  }

  #parsed({ body }: HttpAnswer, doing: string): unknown {
    try {
      return JSON.parse(body);
    } catch {
      throw new JenkinsError(
        `${this.login.url}: ${doing} was answered without JSON; is it Jenkins? Correct jenkins.url`,
      );
    }
  }

  async #sent(call: Call): Promise<HttpAnswer> {
    const { method = "GET", body } = call;
    const { user, secret, kind } = this.login;
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    if (method === "POST" && kind === "password") this.#meant ??= await this.#crumb();
    const meant = method === "POST" ? this.#meant : {};
    // Without a charset in the header, a servlet may read the XML as ISO 8859-1.
    const type = body !== undefined && { "content-type": "application/xml; charset=utf-8" };
    return this.#withRetries(call.path, { method, body, headers: { authorization, ...meant, ...type } });
  }

  /** Headers with the crumb, and with the cookie of the session that it belongs to. Empty if Jenkins uses no crumbs. */
  async #crumb(): Promise<Record<string, string>> {
    const asked = { path: "/crumbIssuer/api/json", doing: "asking for a crumb" };
    const answer = await this.call({ ...asked, also: [404] });
    if (answer.status === 404) return {};
    const { crumb, crumbRequestField } = this.#parsed(answer, asked.doing) as {
      crumb: string;
      crumbRequestField: string;
    };
    const cookies = [answer.headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split(";")[0] ?? "");
    return { [crumbRequestField]: crumb, cookie: cookies.join("; ") };
  }

  async #withRetries(path: string, sent: Omit<HttpRequest, "ca" | "timeoutMs">): Promise<HttpAnswer> {
    const { url, ca } = this.login;
    const since = Date.now();
    for (let tries = 1; ; tries++) {
      const answer = await httpRequest(url + path, { ...sent, ca, timeoutMs }).catch(
        (error: NodeJS.ErrnoException) => error,
      );
      if (!(answer instanceof Error) && answer.status !== 503) return answer;
      const seconds =
        answer instanceof Error ? this.#awaySeconds(answer, sent.method) : this.#retryPolicy.startingSeconds;
      const wait = waitMs(tries, Date.now() - since, seconds, this.#retryPolicy);
      if (wait !== undefined) await sleep(wait);
      else if (answer instanceof Error) throw connectionError(this.login, answer.code ?? "", this.#retryPolicy);
      else return answer;
    }
  }

  /**
   * How long to retry a request that failed without an answer, in seconds. A request is retried only if it cannot have
   * had an effect: Jenkins did not receive it, or it is a GET. For any other request the result is 0.
   */
  #awaySeconds({ code = "" }: NodeJS.ErrnoException, method: HttpRequest["method"]): number {
    const unheard = ["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].includes(code);
    const cut = ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code) && method === "GET";
    return unheard || cut ? this.#retryPolicy.awaySeconds : 0;
  }
}

function isStaleCrumb({ status, body }: HttpAnswer): boolean {
  return status === 403 && body.includes("No valid crumb");
}
