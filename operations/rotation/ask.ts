import { type HttpAnswer, httpRequest } from "../../hosts/http-request.ts";
import { OperationError } from "../operation-error.ts";

export type Registry = {
  url: string;
  /** PEM. Empty where a public authority signed. */
  ca: string;
};

/** GETs a path of the registry with that `Authorization`, within 20 s. Neither it nor the answer's body is ever in an error. */
export function ask(registry: Registry, path: string, authorization: string): Promise<HttpAnswer> {
  const { url, ca } = registry;
  const asked = { method: "GET", headers: { authorization }, ca: ca || undefined, timeoutMs: 20_000 } as const;
  return httpRequest(new URL(path, url), asked).catch((error: Error) => {
    throw new OperationError(
      `${url} cannot be asked from here: ${error.message}; run this again where it can, or with --no-verify`,
    );
  });
}

export function basic(account: string, password: string): string {
  return `Basic ${Buffer.from(`${account}:${password}`).toString("base64")}`;
}
