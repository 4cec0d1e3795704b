import { reason } from "../../../existing/errors.ts";
import type { Credentials, Plan } from "../../../existing/plan.ts";
import { type Question, RegistryClient, type Reply } from "../../../existing/registry-client.ts";
import { NoAnswerError, RegistryError } from "../../../existing/registry-error.ts";
import { type HttpAnswer, type HttpRequest, httpRequest } from "../../../hosts/http-request.ts";
import type { Outcome } from "./client-facts.ts";

/** A registry that hangs must not use up the time for the other questions. */
const silentSeconds = 5;
const totalSeconds = 25;

export type Asked = { outcome: Outcome; reply?: Reply };

/** Requests to one registry, whose failures are outcomes. */
export class ClientRequests {
  readonly #plan: Plan;
  readonly #client: RegistryClient;
  readonly #ca: string[];

  constructor(plan: Plan, cas: string[]) {
    this.#plan = plan;
    this.#ca = cas;
    this.#client = new RegistryClient(plan, { silentSeconds, totalSeconds });
  }

  /** A request that authenticates as the registry asks. */
  async ask(question: Question, login?: Credentials): Promise<Asked> {
    try {
      const reply = await this.#client.send(question, login);
      return { outcome: outcomeOf(reply), reply };
    } catch (error) {
      if (!(error instanceof NoAnswerError || error instanceof RegistryError)) throw error;
      return { outcome: { status: 0, reason: error.message } };
    }
  }

  cancel(reply: Reply): Promise<void> {
    return this.#client.cancel(reply);
  }

  /** A request as it is, to a path of the registry or a URL that it named. */
  async plainly(
    path: string,
    request: Pick<HttpRequest, "method" | "headers" | "body">,
  ): Promise<Outcome & { answer?: HttpAnswer }> {
    const url = new URL(path, this.#plan.url);
    // A registry behind a proxy that ends TLS may name itself by http.
    if (url.host === new URL(this.#plan.url).host) url.protocol = new URL(this.#plan.url).protocol;
    return answered(url, { ...request, ca: this.#ca });
  }
}

export async function answered(
  url: URL,
  request: Omit<HttpRequest, "timeoutMs">,
): Promise<Outcome & { answer?: HttpAnswer }> {
  try {
    const answer = await httpRequest(url, { ...request, timeoutMs: silentSeconds * 1000, maximumBytes: 1024 * 1024 });
    return { ...outcomeOf(answer), answer };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { status: 0, reason: code ?? message };
  }
}

function outcomeOf(answer: HttpAnswer): Outcome {
  return answer.status >= 400 ? { status: answer.status, reason: reason(answer) } : { status: answer.status };
}
