import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** What happens to a request instead of an answer: 500, no answer, half an answer. */
type Failure = "error" | "drop" | "truncate" | undefined;

export type FailingFront = AsyncDisposable & {
  url: string;
  /** Every request, as in `GET /v2/`. */
  readonly requests: readonly string[];
  /** What happens to the request of this number. May be replaced at any time. */
  failure: (number: number, line: string) => Failure;
};

/** Starts a server in front of a registry that is as slow as `delayMs` and fails as told; it serves plain HTTP. */
export async function startFailingFront(target: { url: string }, delayMs = 0): Promise<FailingFront> {
  const requests: string[] = [];
  const front = { failure: (() => undefined) as FailingFront["failure"] };
  const server = createServer(async (asked, response) => {
    const line = `${asked.method} ${asked.url}`;
    const failure = front.failure(requests.push(line), line);
    await setTimeout(delayMs);
    if (failure === "error") response.writeHead(500).end();
    else if (failure === "drop") asked.socket.destroy();
    else pass(target.url, asked, response, failure === "truncate");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return Object.assign(front, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  });
}

/** Passes a request on. `truncate`: breaks off in the middle of the answer's body. */
function pass(target: string, asked: IncomingMessage, response: ServerResponse, truncate: boolean): void {
  const { method, headers, url } = asked;
  const { host, hostname, port } = new URL(target);
  const passed = request({ hostname, port, path: url, method, headers: { ...headers, host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (!truncate) {
      answer.pipe(response);
      return;
    }
    answer.once("data", (chunk: Buffer) => {
      response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy());
      answer.destroy();
    });
    answer.once("end", () => response.destroy());
  });
  passed.on("error", () => response.destroy());
  asked.pipe(passed);
}
