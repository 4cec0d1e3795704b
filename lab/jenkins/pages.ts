import { classes, fromForm, fromXml, type Plugin, redactedXml, type StoredCredential } from "./credential.ts";
import { type Answer, type Asked, html, json, notFound, oops, Refused } from "./http.ts";
import { formOf, type Security } from "./security.ts";
import type { DomainPath, Store } from "./store.ts";

/** The state of the fake Jenkins, which requests read and change. */
export type Site = { security: Security; store: Store; plugins: Set<Plugin> };

/** Answers a request that passed the security filter. */
export async function page(site: Site, asked: Asked): Promise<Answer> {
  const { security, store, plugins } = site;
  security.require(asked, "Overall/Read");
  const { folder, rest } = splitFolder(asked.segments);
  const path = rest.join("/");
  if (path === "crumbIssuer/api/json" && folder === "") return security.crumb(asked);
  if (path === "pluginManager/api/json" && folder === "") {
    security.require(asked, "Overall/Administer");
    return json({ plugins: [...plugins].map((shortName) => ({ active: true, shortName })) });
  }
  if (folder !== "" && !store.hasFolder(folder)) return notFound;
  if (path === "api/json") return json({ _class: folder === "" ? "hudson.model.Hudson" : folderClass });
  return credentialsPage(site, asked, folder, rest);
}

const folderClass = "com.cloudbees.hudson.plugins.folder.Folder";

async function credentialsPage(site: Site, asked: Asked, folder: string, rest: string[]): Promise<Answer> {
  const { security, store, plugins } = site;
  const root = `credentials/store/${folder === "" ? "system" : "folder"}`;
  if (!plugins.has("credentials") || rest.slice(0, 3).join("/") !== root) return notFound;
  // Without the permission, Jenkins answers as if there were no store.
  if (!security.may(asked, "Credentials/View")) return notFound;
  const [kind, domain = "", ...below] = rest.slice(3);
  if (kind === "api" && domain === "json")
    return json({ domains: Object.fromEntries(store.domains(folder).map((name) => [name, {}])) });
  const domainPath = { folder, domain };
  const entries = kind === "domain" ? store.entries(domainPath) : undefined;
  if (!entries) return notFound;
  if (below.join("/") === "api/json") return json({ credentials: [...entries.values()].map(listed), urlName: domain });
  if (below.join("/") === "createCredentials") return create(site, asked, domainPath, entries);
  const [collection, id = "", action] = below;
  const entry = collection === "credential" ? entries.get(id) : undefined;
  if (!entry) return notFound;
  if (action === "config.xml") return configXml(site, asked, entries, entry);
  return action === "doDelete" ? doDelete(site, asked, entries, entry) : notFound;
}

type Entries = Map<string, StoredCredential>;

/**
 * Answers `POST createCredentials`. If the id exists already, a request with XML gets 409, but a request with a form gets the
 * same redirect as after success.
 */
async function create(site: Site, asked: Asked, { domain }: DomainPath, entries: Entries): Promise<Answer> {
  if (asked.method !== "POST") return html(405, "POST required", { allow: "POST" });
  site.security.require(asked, "Credentials/Create");
  const type = asked.headers["content-type"];
  if (type === undefined) return html(400, "No Content-Type header set");
  if (/^(application|text)\/xml/.test(type)) {
    const entry = fromXml(textOf(asked), site.plugins);
    return add(entries, entry) ? { status: 200 } : html(409, "Conflict");
  }
  const form = (await formOf(asked))?.get("json");
  if (typeof form !== "string") return html(400, "Bad Request");
  const added = add(entries, fromForm(submitted(form), site.plugins));
  if (!asked.headers.accept?.includes("application/json"))
    return { status: 302, headers: { location: `../../domain/${domain}` } };
  const data = added
    ? { message: "Credentials created", notificationType: "SUCCESS" }
    : { message: "A credential with that id exists already", notificationType: "ERROR" };
  return json({ status: "ok", data });
}

function configXml({ security, plugins }: Site, asked: Asked, entries: Entries, entry: StoredCredential): Answer {
  switch (asked.method) {
    case "GET":
      return { status: 200, headers: { "content-type": "application/xml;charset=utf-8" }, body: redactedXml(entry) };
    case "POST": {
      security.require(asked, "Credentials/Update");
      const next = fromXml(textOf(asked), plugins);
      if (next.id !== entry.id) return oops;
      entries.set(entry.id, next);
      return { status: 200 };
    }
    case "DELETE":
      security.require(asked, "Credentials/Delete");
      entries.delete(entry.id);
      return { status: 200 };
    default:
      return html(400, "Bad Request");
  }
}

function doDelete({ security }: Site, asked: Asked, entries: Entries, { id }: StoredCredential): Answer {
  if (asked.method !== "POST") return html(405, "POST required", { allow: "POST" });
  security.require(asked, "Credentials/Delete");
  entries.delete(id);
  return { status: 302, headers: { location: "../.." } };
}

function add(entries: Entries, entry: StoredCredential): boolean {
  if (entries.has(entry.id)) return false;
  entries.set(entry.id, entry);
  return true;
}

function listed({ id, kind, description, ...entry }: StoredCredential) {
  const name = "username" in entry ? `${entry.username}/******` : id;
  return { id, typeName: classes[kind].typeName, description, displayName: `${name} (${description})` };
}

function submitted(text: string): unknown {
  try {
    return (JSON.parse(text) as { credentials?: unknown }).credentials;
  } catch {
    throw new Refused(oops);
  }
}

/** Splits a path such as `job/a/job/b/…` into the folder `a/b` and the rest of the path. */
function splitFolder(segments: string[]): { folder: string; rest: string[] } {
  const names: string[] = [];
  let rest = segments;
  while (rest[0] === "job" && rest[1] !== undefined) {
    names.push(rest[1]);
    rest = rest.slice(2);
  }
  return { folder: names.join("/"), rest };
}

/** A request body's text. Like Jenkins, the fake reads it as UTF-8 unless its Content-Type names another charset. */
function textOf({ headers, body }: Asked): string {
  const charset = /charset="?([\w-]+)/i.exec(headers["content-type"] ?? "")?.[1] ?? "utf-8";
  return new TextDecoder(charset).decode(body);
}
