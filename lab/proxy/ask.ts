import http from "node:http";
import https from "node:https";
import { password, token } from "./credentials.ts";

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer; text: string };

export type Question = {
  /** Name of the account whose password is sent, by Basic authentication. */
  basic?: string;
  /** Name of the account whose token is sent, as a Bearer token. */
  bearer?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  /** The client's address, which must be an address of this machine. */
  from?: string;
};

/**
 * Sends one HTTP request. The path is sent unchanged; HTTP clients would normalize it.
 * @example await ask(proxy, "PUT /v2/team-a/app/manifests/v1", { basic: "team-a", body: manifest })
 */
export function ask({ url }: { url: string }, line: string, question: Question = {}): Promise<Answer> {
  const { basic, bearer, body, headers, from } = question;
  const [method = "GET", path = "/"] = splitOnce(line);
  const { protocol, hostname, port } = new URL(url);
  const authorization = basic
    ? `Basic ${Buffer.from(`${basic}:${password(basic)}`).toString("base64")}`
    : bearer && `Bearer ${token(bearer)}`;
  const options: https.RequestOptions = {
    method,
    path,
    hostname,
    port,
    localAddress: from,
    agent: false,
    rejectUnauthorized: false,
    headers: {
      accept: "application/vnd.oci.image.manifest.v1+json",
      ...(authorization && { authorization }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const request = (protocol === "https:" ? https : http).request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const whole = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole, text: whole.toString() });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function splitOnce(line: string): string[] {
  const space = line.indexOf(" ");
  return [line.slice(0, space), line.slice(space + 1)];
}
