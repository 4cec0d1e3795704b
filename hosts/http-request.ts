import { request as plain } from "node:http";
import { request as secure } from "node:https";

export type HttpRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
  /** PEM of the server's authority. @default Node's own list */
  ca?: string;
  timeoutMs: number;
};

export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** One request, whose answer is read whole. `fetch` takes no CA; no redirect is followed, for it may lead anywhere. */
export function httpRequest(
  url: string | URL,
  { method, headers, body = "", ca, timeoutMs }: HttpRequest,
): Promise<HttpAnswer> {
  const request = String(url).startsWith("https:") ? secure : plain;
  const length = method === "POST" || method === "PUT" ? { "content-length": String(Buffer.byteLength(body)) } : {};
  return new Promise((resolve, reject) => {
    const options = { method, ca, agent: false, headers: { ...headers, ...length } };
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
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
