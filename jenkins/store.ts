import type { JenkinsClient } from "./client.ts";
import { type JenkinsCredential, type Location, nameOf } from "./credential.ts";
import { classes, credentialXml, type ReadCredential, readCredential } from "./credential-xml.ts";
import { JenkinsError } from "./jenkins-error.ts";

/** An entry as Jenkins' list of a domain's entries shows it. */
export type Listed = { id: string; description: string };

/** Reads and writes the credential stores of one Jenkins over its REST API. */
export class CredentialStore {
  readonly #client: JenkinsClient;

  constructor(client: JenkinsClient) {
    this.#client = client;
  }

  /**
   * The names of a store's domains; the global domain is undefined in the list. Returns undefined instead of a list if
   * the store does not exist or the user may not see it.
   */
  async domains(folder: string | undefined): Promise<(string | undefined)[] | undefined> {
    const path = `${storePath(folder)}/api/json?depth=1`;
    const store = (await this.#client.json({ path, doing: `reading ${storeName(folder)}`, also: [404] })) as
      | { domains?: Record<string, unknown> }
      | undefined;
    if (store === undefined) return undefined;
    return Object.keys(store.domains ?? {}).map((name) => (name === "_" ? undefined : name));
  }

  /** The ids and descriptions of a domain's entries. */
  async list(location: Location): Promise<Listed[]> {
    const path = `${domainPath(location)}/api/json?depth=1`;
    const answer = (await this.#client.json({ path, doing: `listing ${domainName(location)}` })) as {
      credentials?: { id: string; description: string | null }[];
    };
    return (answer.credentials ?? []).map(({ id, description }) => ({ id, description: description ?? "" }));
  }

  /** Reads one entry without its secret. Returns undefined if the entry does not exist. */
  async read(entry: Location & { id: string }): Promise<ReadCredential | undefined> {
    const doing = `reading ${nameOf(entry)}`;
    const { status, body } = await this.#client.call({ path: configPath(entry), doing, also: [404] });
    if (status === 404) return undefined;
    const read = readCredential(body);
    if (!read)
      throw new JenkinsError(`${this.#url}: ${doing} was answered without XML; is it Jenkins? Correct jenkins.url`);
    return read;
  }

  async create(credential: JenkinsCredential, description: string): Promise<void> {
    const doing = `creating ${nameOf(credential)}`;
    const path = `${domainPath(credential)}/createCredentials`;
    const body = credentialXml(credential, description);
    const { status } = await this.#client.call({ method: "POST", path, doing, body, also: [409, 500] });
    if (status === 409)
      throw new JenkinsError(
        `${this.#url}: ${nameOf(credential)} has appeared meanwhile (409); run this again to see whose it is`,
      );
    if (status === 500) throw await this.#failed(doing, credential);
  }

  async update(credential: JenkinsCredential, description: string): Promise<void> {
    const doing = `updating ${nameOf(credential)}`;
    const path = configPath(credential);
    const body = credentialXml(credential, description);
    const { status } = await this.#client.call({ method: "POST", path, doing, body, also: [404, 500] });
    if (status === 404)
      throw new JenkinsError(`${this.#url}: ${nameOf(credential)} was deleted meanwhile (404); run this again`);
    if (status === 500) throw await this.#failed(doing, credential);
  }

  /** Deletes an entry. Also succeeds if the entry does not exist any more. */
  async remove(entry: Location & { id: string }): Promise<void> {
    const doing = `deleting ${nameOf(entry)}`;
    await this.#client.call({ method: "DELETE", path: configPath(entry), doing, also: [404] });
  }

  /** The error for a store that Jenkins answers 404 for: the store is missing, or the user may not see it. */
  async noStore(folder: string | undefined): Promise<JenkinsError> {
    if (folder !== undefined) {
      const { status } = await this.#client.call({
        path: `${folderPath(folder)}/api/json`,
        doing: `looking for the folder ${folder}`,
        also: [404],
      });
      if (status === 404)
        return new JenkinsError(
          `${this.#url}: there is no folder ${folder} that ${this.#client.login.user} may see (404); make it, or correct the folder in jenkins.credentials`,
        );
    }
    if ((await this.#lacks("credentials")) === true) return new JenkinsError(this.#missing("credentials"));
    return new JenkinsError(
      `${this.#url}: ${this.#client.login.user} may not see ${storeName(folder)} (404); grant Credentials/View, and install the plugin credentials if it is missing`,
    );
  }

  get #url(): string {
    return this.#client.login.url;
  }

  /**
   * The error for an answer 500. Jenkins also gives this answer if the plugin with the credential's class is missing.
   */
  async #failed(doing: string, { kind }: JenkinsCredential): Promise<JenkinsError> {
    const { plugin } = classes[kind];
    const lacks = await this.#lacks(plugin);
    if (lacks === true) return new JenkinsError(this.#missing(plugin));
    const perhaps = lacks === undefined ? `; it does so, too, where the plugin ${plugin} is missing` : "";
    return new JenkinsError(
      `${this.#url}: Jenkins failed at ${doing} (500)${perhaps}; its own log says why. Run this again: what is done already stays done`,
    );
  }

  #missing(plugin: string): string {
    return `${this.#url}: Jenkins has no plugin ${plugin}; install it under Manage Jenkins, Plugins`;
  }

  /** Whether a plugin is missing or inactive. Undefined if Jenkins does not show its plugins to the user. */
  async #lacks(plugin: string): Promise<boolean | undefined> {
    const answer = (await this.#client.json({
      path: "/pluginManager/api/json?depth=1",
      doing: "reading the list of plugins",
      also: [403, 404, 500],
    })) as { plugins?: { shortName: string; active: boolean }[] } | undefined;
    if (answer === undefined) return undefined;
    return !(answer.plugins ?? []).some(({ shortName, active }) => shortName === plugin && active);
  }
}

function storePath(folder: string | undefined): string {
  return folder === undefined ? "/credentials/store/system" : `${folderPath(folder)}/credentials/store/folder`;
}

function folderPath(folder: string): string {
  return folder
    .split("/")
    .map((name) => `/job/${encodeURIComponent(name)}`)
    .join("");
}

function domainPath({ folder, domain = "_" }: Location): string {
  return `${storePath(folder)}/domain/${encodeURIComponent(domain)}`;
}

function configPath(entry: Location & { id: string }): string {
  return `${domainPath(entry)}/credential/${encodeURIComponent(entry.id)}/config.xml`;
}

function storeName(folder: string | undefined): string {
  return folder === undefined ? "the system's credentials" : `the credentials of ${folder}`;
}

function domainName({ folder, domain }: Location): string {
  return domain === undefined ? storeName(folder) : `${storeName(folder)}, domain ${domain}`;
}
