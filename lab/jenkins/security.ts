import { createHash, randomBytes } from "node:crypto";
import { type Answer, type Asked, html, json, Refused } from "./http.ts";

/** Jenkins' permissions, with the names that Jenkins' messages use. */
export type Permission =
  | "Overall/Read"
  | "Overall/Administer"
  | "Credentials/View"
  | "Credentials/Create"
  | "Credentials/Update"
  | "Credentials/Delete";

export const allPermissions: readonly Permission[] = [
  "Overall/Read",
  "Overall/Administer",
  "Credentials/View",
  "Credentials/Create",
  "Credentials/Update",
  "Credentials/Delete",
];

export type User = { name: string; password: string; token: string };

const crumbField = "Jenkins-Crumb";

/** Authentication, permissions and CSRF protection (the crumb). */
export class Security {
  /** Permissions of the one user; anonymous requests have none. */
  readonly permissions: Set<Permission>;
  readonly #user: User;
  readonly #salt = randomBytes(16).toString("hex");
  readonly #cookie = `JSESSIONID.${randomBytes(4).toString("hex")}`;
  readonly #sessions = new Set<string>();

  constructor(user: User, permissions: readonly Permission[]) {
    this.#user = user;
    this.permissions = new Set(permissions);
  }

  /** Forgets all sessions, as a restart does. */
  restart(): void {
    this.#sessions.clear();
  }

  /** Checks every request: first the credentials, then the crumb of a POST. */
  async filter(asked: Asked): Promise<void> {
    const how = this.#how(asked);
    if (how === "wrong") throw new Refused(html(401, "Unauthorized", { "www-authenticate": 'Basic realm="Jenkins"' }));
    if (asked.method === "POST" && how !== "token" && !(await this.#isMeant(asked)))
      throw new Refused(html(403, "No valid crumb was included in the request"));
  }

  may(asked: Asked, permission: Permission): boolean {
    return this.#how(asked) !== "anonymous" && this.permissions.has(permission);
  }

  require(asked: Asked, permission: Permission): void {
    if (this.may(asked, permission)) return;
    if (this.#how(asked) === "anonymous") throw new Refused(html(403, "Authentication required"));
    const headers = { "x-you-are-authenticated-as": this.#user.name, "x-required-permission": classOf(permission) };
    throw new Refused(html(403, `${this.#user.name} is missing the ${permission} permission`, headers));
  }

  /** `GET /crumbIssuer/api/json`. A crumb belongs to a session; a request without a session gets a new one. */
  crumb(asked: Asked): Answer {
    const known = this.#session(asked);
    const session = known ?? `node0${randomBytes(12).toString("hex")}`;
    this.#sessions.add(session);
    const { headers, ...answer } = json({
      _class: "hudson.security.csrf.DefaultCrumbIssuer",
      crumb: this.#crumbOf(session),
      crumbRequestField: crumbField,
    });
    if (known !== undefined) return { ...answer, headers };
    return { ...answer, headers: { ...headers, "set-cookie": `${this.#cookie}=${session}; Path=/; HttpOnly` } };
  }

  #how({ headers: { authorization } }: Asked): "anonymous" | "password" | "token" | "wrong" {
    if (authorization === undefined) return "anonymous";
    const { name, password, token } = this.#user;
    const given = Buffer.from(authorization.replace(/^Basic /i, ""), "base64").toString("utf8");
    if (given === `${name}:${token}`) return "token";
    return given === `${name}:${password}` ? "password" : "wrong";
  }

  async #isMeant(asked: Asked): Promise<boolean> {
    const session = this.#session(asked);
    const crumb = asked.headers[crumbField.toLowerCase()] ?? (await crumbOfForm(asked));
    return session !== undefined && crumb === this.#crumbOf(session);
  }

  #session({ headers: { cookie = "" } }: Asked): string | undefined {
    const pairs = cookie.split(/; */).map((pair) => pair.split("="));
    const [, session = ""] = pairs.find(([name]) => name === this.#cookie) ?? [];
    return this.#sessions.has(session) ? session : undefined;
  }

  #crumbOf(session: string): string {
    return createHash("sha256").update(`${this.#user.name};${session};${this.#salt}`).digest("hex");
  }
}

/** A form's fields; undefined for any other body. */
export async function formOf({ headers, body }: Asked): Promise<FormData | undefined> {
  const type = headers["content-type"] ?? "";
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/.test(type)) return undefined;
  return new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => undefined);
}

async function crumbOfForm(asked: Asked): Promise<string | undefined> {
  const field = (await formOf(asked))?.get(crumbField);
  return typeof field === "string" ? field : undefined;
}

function classOf(permission: Permission): string {
  const [group, name] = permission.split("/");
  return group === "Overall"
    ? `hudson.model.Hudson.${name}`
    : `com.cloudbees.plugins.credentials.CredentialsProvider.${name}`;
}
