import type { HttpAnswer } from "../hosts/http-request.ts";
import type { Credentials } from "./plan.ts";

/** The Authorization header of HTTP Basic authentication. */
export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The token in a token server's answer; undefined if there is none that can be sent. */
export function tokenIn({ body }: HttpAnswer): string | undefined {
  try {
    const { token, access_token } = JSON.parse(body) as { token?: unknown; access_token?: unknown };
    const given = token ?? access_token;
    return typeof given === "string" && /^[\x21-\x7e]+$/.test(given) ? given : undefined;
  } catch {
    return undefined;
  }
}
