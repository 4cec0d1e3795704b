/** An HTTP request, as a Java servlet such as Jenkins sees it. */
export type Asked = {
  method: string;
  /** The segments of the path, each decoded. The query is left out. */
  segments: string[];
  /** The headers; their names are in lower case. */
  headers: Record<string, string>;
  body: Buffer;
};

export type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** An error that code throws while it handles a request, so that the fake ends the request with this answer. */
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
