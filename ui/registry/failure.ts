import { list, record, text } from "./fields.ts";

export type FailureKind = "unreachable" | "unauthorized" | "denied" | "missing" | "unsupported" | "busy" | "broken";

/** Why a request failed. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The failure for an error response, with the registry's own message if it has one. */
export async function failureOf(answer: Response): Promise<Failure> {
  const { status } = answer;
  const said = await reason(answer);
  const words = said === undefined ? "" : `: ${said}`;
  if (status === 401) return new Failure("unauthorized", `Log in to see this (401${words})`);
  if (status === 403) return new Failure("denied", `Not allowed (403${words})`);
  if (status === 404) return new Failure("missing", `Not found (404${words})`);
  if (status === 405) return new Failure("unsupported", `The registry does not allow this (405${words})`);
  if (status === 429) return new Failure("busy", `Too many requests, try again in a while (429${words})`);
  if (status >= 500) return new Failure("broken", `The registry has a problem (${status}${words})`);
  return new Failure("broken", `An answer this ui does not know (${status}${words})`);
}

/** Anything thrown, as a Failure. */
export function asFailure(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure("broken", `This ui cannot read the answer: ${thrown}`);
}

async function reason(answer: Response): Promise<string | undefined> {
  const body = await answer.json().catch(() => undefined);
  return text(record(list(record(body).errors)[0]).message)?.slice(0, 200);
}
