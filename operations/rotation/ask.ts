import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { OperationError } from "../operation-error.ts";

export type Registry = {
  url: string;
  /** PEM. Empty where a public authority signed. */
  ca: string;
};

/** GETs a path of the registry with that `Authorization`, within 20 s. Neither it nor the answer's body is ever in an error. */
export function ask(
  registry: Registry,
  path: string,
  authorization: string,
): Promise<{ status: number; body: string }> {
  const request = registry.url.startsWith("https:") ? tlsRequest : plainRequest;
  const options = {
    headers: { authorization },
    timeout: 20_000,
    agent: false,
    ...(registry.ca && { ca: registry.ca }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, registry.url), options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 20 s")));
    asked.on("error", (error) => {
      reject(
        new OperationError(
          `${registry.url} cannot be asked from here: ${error.message}; run this again where it can, or with --no-verify`,
        ),
      );
    });
    asked.end();
  });
}

export function basic(account: string, password: string): string {
  return `Basic ${Buffer.from(`${account}:${password}`).toString("base64")}`;
}
