import { type HttpAnswer, httpRequest } from "../../hosts/http-request.ts";
import { OperationError } from "../operation-error.ts";

export type Registry = {
  url: string;
  /** The registry's CA as PEM; empty where a public CA signed the registry's certificate. */
  ca: string;
};

/**
 * Sends a GET request to the registry with this `Authorization` header; its timeout is 20 s. Errors contain neither
 * the header nor the response's body, since either may hold a secret.
 */
export function ask(registry: Registry, path: string, authorization: string): Promise<HttpAnswer> {
  const { url, ca } = registry;
  const asked = { method: "GET", headers: { authorization }, ca: ca || undefined, timeoutMs: 20_000 } as const;
  return httpRequest(new URL(path, url), asked).catch((error: Error) => {
    throw new OperationError(
      `this machine cannot connect to ${url}: ${error.message}; run this again on a machine that can, or skip this check with --no-verify`,
    );
  });
}

export function basic(account: string, password: string): string {
  return `Basic ${Buffer.from(`${account}:${password}`).toString("base64")}`;
}
