import { randomUUID } from "node:crypto";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { oops, Refused } from "./http.ts";

/** Jenkins plugins that provide the credential types of this fake. */
export type Plugin = "credentials" | "plain-credentials";

/** A credential with its decrypted secret, as a Jenkins job gets it. */
export type StoredCredential = { id: string; scope: string; description: string } & (
  | { kind: "username-password"; username: string; password: string }
  | { kind: "secret-text"; secret: string }
);

type Kind = StoredCredential["kind"];

export const classes: Record<Kind, { name: string; plugin: Plugin; version: string; typeName: string }> = {
  "username-password": {
    name: "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl",
    plugin: "credentials",
    version: "credentials@1415.v831096eb_5534",
    typeName: "Username with password",
  },
  "secret-text": {
    name: "org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl",
    plugin: "plain-credentials",
    version: "plain-credentials@199.v9f8e1f741799",
    typeName: "Secret text",
  },
};

/**
 * Reads a credential from XML, as XStream does: the root names the class. Malformed XML or an unknown class is answered with
 * 500.
 */
export function fromXml(text: string, plugins: ReadonlySet<Plugin>): StoredCredential {
  const root = parsed(text);
  const field = (name: string) =>
    Array.from(root.childNodes).find((node) => node.nodeName === name)?.textContent ?? undefined;
  return fromFields(root.nodeName, field, plugins);
}

/** Reads a credential from a form: `$class` names the class. */
export function fromForm(value: unknown, plugins: ReadonlySet<Plugin>): StoredCredential {
  if (typeof value !== "object" || value === null) throw new Refused(oops);
  const fields = value as Record<string, unknown>;
  const field = (name: string) => (fields[name] === undefined ? undefined : String(fields[name]));
  return fromFields(field("$class") ?? "", field, plugins);
}

/** The answer to `GET config.xml`: everything but the secret. */
export function redactedXml(credential: StoredCredential): string {
  const { name, version } = classes[credential.kind];
  const document = new DOMParser().parseFromString(`<${name} plugin="${version}"/>`, "text/xml");
  const root = document.documentElement;
  if (root === null) throw new Error("a document without a root");
  const add = (name: string, text?: string) => {
    const element = root.appendChild(document.createElement(name));
    if (text !== undefined) element.appendChild(document.createTextNode(text));
    return element;
  };
  for (const name of ["scope", "id", "description"] as const) add(name, credential[name]);
  if (credential.kind === "username-password") add("username", credential.username);
  const secret = add(credential.kind === "username-password" ? "password" : "secret");
  secret.appendChild(document.createElement("secret-redacted"));
  return new XMLSerializer().serializeToString(document);
}

function fromFields(
  className: string,
  field: (name: string) => string | undefined,
  plugins: ReadonlySet<Plugin>,
): StoredCredential {
  const [kind, found] = (Object.entries(classes) as [Kind, (typeof classes)[Kind]][]).find(
    ([, { name }]) => name === className,
  ) ?? [undefined, undefined];
  if (kind === undefined || !plugins.has(found.plugin)) throw new Refused(oops);
  const common = {
    id: field("id") || randomUUID(),
    scope: field("scope") ?? "GLOBAL",
    description: field("description") ?? "",
  };
  if (kind === "secret-text") return { ...common, kind, secret: field("secret") ?? "" };
  return { ...common, kind, username: field("username") ?? "", password: field("password") ?? "" };
}

function parsed(text: string) {
  try {
    const onError = () => {
      throw new Error("malformed");
    };
    // Java, and so Jenkins, reads line breaks by XML 1.0. xmldom by default follows XML 1.1, which also has U+0085 and U+2028.
    const normalizeLineEndings = (source: string) => source.replace(/\r\n?/g, "\n");
    const root = new DOMParser({ onError, normalizeLineEndings }).parseFromString(text, "text/xml").documentElement;
    if (root) return root;
  } catch {
    // The parser's message is dropped, because Jenkins' answer to malformed XML gives no reason either.
  }
  throw new Refused(oops);
}
