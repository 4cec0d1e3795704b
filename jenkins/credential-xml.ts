import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { type JenkinsCredential, nameOf } from "./credential.ts";
import { JenkinsError } from "./jenkins-error.ts";

type Kind = JenkinsCredential["kind"];

/** Jenkins' Java class for each kind of credential, and the plugin that contains the class. */
export const classes: Record<Kind, { name: string; plugin: string }> = {
  "username-password": {
    name: "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl",
    plugin: "credentials",
  },
  "secret-text": {
    name: "org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl",
    plugin: "plain-credentials",
  },
};

/** What an entry's config.xml contains. Jenkins leaves the secret out of it. */
export type ReadCredential = {
  /** Undefined if the entry is of a kind that no stack creates. */
  kind?: Kind;
  description: string;
  username?: string;
};

/** @see XML 1.0: Char */
const unknownToXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** The XML that Jenkins creates or updates an entry from. It contains the secret in plain text. */
export function credentialXml(credential: JenkinsCredential, description: string): string {
  const { kind, id } = credential;
  const fields = { scope: "GLOBAL", id, description, ...secretFields(credential) };
  const document = new DOMParser().parseFromString(`<${classes[kind].name}/>`, "text/xml");
  for (const [name, text] of Object.entries(fields)) {
    if (unknownToXml.test(text))
      throw new JenkinsError(
        `${nameOf(credential)}: its ${name} holds a character that XML cannot carry, and so Jenkins cannot take; give another`,
      );
    const element = document.createElement(name);
    element.appendChild(document.createTextNode(text));
    document.documentElement?.appendChild(element);
  }
  return new XMLSerializer().serializeToString(document);
}

/** Reads an entry's config.xml. Returns undefined if the text is not XML. */
export function readCredential(xml: string): ReadCredential | undefined {
  const root = rootOf(xml);
  if (!root) return undefined;
  const field = (name: string) => Array.from(root.childNodes).find(({ nodeName }) => nodeName === name)?.textContent;
  const kind = (Object.keys(classes) as Kind[]).find((each) => classes[each].name === root.nodeName);
  return { kind, description: field("description") ?? "", username: field("username") ?? undefined };
}

function secretFields(credential: JenkinsCredential): Record<string, string> {
  if (credential.kind === "secret-text") return { secret: credential.secret };
  return { username: credential.username, password: credential.password };
}

function rootOf(xml: string) {
  try {
    // Without onError, the parser prints errors to the console. Its own normalizeLineEndings also changes U+0085 and
    // U+2028, which are not line breaks in XML 1.0.
    const normalizeLineEndings = (source: string) => source.replace(/\r\n?/g, "\n");
    return (
      new DOMParser({ onError: () => {}, normalizeLineEndings }).parseFromString(xml, "text/xml").documentElement ??
      undefined
    );
  } catch {
    return undefined;
  }
}
