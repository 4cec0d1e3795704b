import type { Credentials } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";

export type Request = {
  /** @default GET */
  method?: string;
  /** Sent as Basic authentication, as an operator's curl does. @default none */
  credentials?: Credentials;
  /** As in `Accept-Encoding: gzip`. @default none */
  headers?: readonly string[];
};

/** The answer to a request. Without an answer, `status` is 0 and `failure` is curl's error. */
export type Answer = { status: number; headers: string; body: string; failure: string };

/** Sends a request with curl, from a machine that trusts the registry. */
export async function request(from: Machine, url: string, options: Request = {}): Promise<Answer> {
  const { method = "GET", credentials, headers = [] } = options;
  const how = method === "HEAD" ? ["--head"] : ["--include", "--request", method];
  const { ok, stdout, output } = await from.attempt(`curl --silent --show-error --max-time 20 --config - "$@"`, {
    args: [...how, ...headers.flatMap((header) => ["--header", header]), url],
    // Not an argument, which every user of the machine can read.
    input: credentials ? `user = "${quoted(`${credentials.name}:${credentials.password}`)}"\n` : "",
  });
  const [head = "", ...body] = stdout.split("\r\n\r\n");
  return {
    status: Number(head.match(/^HTTP\/\S+ (\d{3})/)?.[1] ?? 0),
    headers: head,
    body: body.join("\r\n\r\n"),
    failure: ok ? "" : output,
  };
}

/** Escapes a text for use between quotes in curl's configuration. */
function quoted(text: string): string {
  return text.replace(/[\\"]/g, "\\$&");
}
