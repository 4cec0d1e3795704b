import * as http from "node:http";
import * as https from "node:https";
import type { PropertyMap } from "../../plugin/property.ts";
import { numberField, textField } from "../object.ts";
import type { Access } from "./kubeconfig.ts";

export type Call = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** @default application/json */
  contentType?: string;
  accept?: string;
};

export type Transport = (call: Call) => Promise<PropertyMap>;

/** An error response of the API server, with its message. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status. */
  readonly code: number;
  /** As in `AlreadyExists`, `Invalid` or `Conflict`. */
  readonly reason: string;
  /** The missing resource of a NotFound, as in `namespaces`. */
  readonly kind: string;

  constructor(code: number, status: PropertyMap) {
    super(textField(status, "message") || `the server answered ${code}`);
    this.code = numberField(status, "code") ?? code;
    this.reason = textField(status, "reason");
    this.kind = textField(status, "details", "kind");
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** Sends requests to one API server over persistent connections. */
export function transport(access: Access): Transport {
  const { Agent, request } = access.server.startsWith("https:") ? https : http;
  const agent = new Agent({
    keepAlive: true,
    ca: access.ca,
    cert: access.clientCertificate,
    key: access.clientKey,
    rejectUnauthorized: !access.skipVerify,
    ...(access.serverName && { servername: access.serverName }),
  });
  const base = access.server.replace(/\/$/, "");

  return ({ method = "GET", path, query = {}, body, contentType = "application/json", accept }) =>
    new Promise((resolve, reject) => {
      const asked = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "";
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        accept: accept ?? "application/json",
        ...(access.token && { authorization: `Bearer ${access.token}` }),
        // Node.js sets no content-length for the body of a DELETE.
        ...(text !== undefined && { "content-type": contentType, "content-length": Buffer.byteLength(text) }),
      };
      const call = request(`${base}${path}${asked}`, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = json(Buffer.concat(chunks).toString());
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) resolve(answer);
          else reject(new ApiError(code, answer));
        });
      });
      call.setTimeout(60_000, () => call.destroy(new Error(`${base} did not answer within 60 s`)));
      call.on("error", reject);
      call.end(text);
    });
}

function json(text: string): PropertyMap {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.trim() };
  }
}
