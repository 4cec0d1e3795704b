/** A request as a servlet sees it. */
export type Asked = {
  method: string;
  /** Without the query, decoded segment by segment. */
  segments: string[];
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
};

export type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** Thrown anywhere in a request to end it with that answer. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered ${answer.status}`);
    this.answer = answer;
  }
}

export function html(status: number, title: string, headers: Record<string, string> = {}): Answer {
  const text = `<html><head><title>${title}</title></head><body>${title}</body></html>`;
  return { status, headers: { "content-type": "text/html;charset=utf-8", ...headers }, body: text };
}

export function json(value: unknown): Answer {
  return { status: 200, headers: { "content-type": "application/json;charset=utf-8" }, body: JSON.stringify(value) };
}

/** Jenkins' answer after an unhandled exception: a reference number, no reason. */
export const oops: Answer = html(500, "Oops! A problem occurred while processing the request. Logging ID=0");

export const notFound: Answer = html(404, "Not Found");
