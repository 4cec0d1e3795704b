import { type Agent, request as plain } from "node:http";
import { request as secure } from "node:https";

export type HttpRequest = {
  method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
  /** PEM text of one or more CAs that may have signed the server's certificate. @default the CAs that Node.js trusts */
  ca?: string | string[];
  /** Keeps connections for later requests. Its `secureContext`, if any, counts instead of `ca`. @default a connection each */
  agent?: Agent;
  /** How long the server may send nothing before the request fails. */
  timeoutMs: number;
  /** Aborts the request, even while the server still sends its answer. @default none */
  signal?: AbortSignal;
  /** Maximum length of the answer's body, in bytes; a longer one is an error. @default no limit */
  maximumBytes?: number;
};

export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/**
 * Sends one request and reads the whole answer. Node's `fetch` is not used because it accepts no CA. Redirects are not
 * followed, since they may lead to any server.
 */
export function httpRequest(
  url: string | URL,
  { method, headers, body = "", ca, agent, timeoutMs, signal, maximumBytes = Number.POSITIVE_INFINITY }: HttpRequest,
): Promise<HttpAnswer> {
  const request = String(url).startsWith("https:") ? secure : plain;
  const length = method === "POST" || method === "PUT" ? { "content-length": String(Buffer.byteLength(body)) } : {};
  return new Promise((resolve, reject) => {
    // Like Go's clients, trusts every certificate in `ca`, even an intermediate CA whose root is not in it.
    const trust = ca !== undefined && { ca, allowPartialTrustChain: true };
    const options = { method, ...trust, signal, agent: agent ?? false, headers: { ...headers, ...length } };
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maximumBytes)
          response.destroy(Object.assign(new Error(`an answer over ${maximumBytes} bytes`), { code: "EMSGSIZE" }));
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    asked.setTimeout(timeoutMs, () =>
      asked.destroy(Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: "ETIMEDOUT" })),
    );
    asked.on("error", reject).end(body);
  });
}
