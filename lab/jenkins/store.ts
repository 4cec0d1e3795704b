import type { StoredCredential } from "./credential.ts";

/** A credentials domain: the folder whose store it belongs to, and its name. */
export type DomainPath = {
  /** As in `team/apps`. @default the system's own store */
  folder?: string;
  /** @default the global one */
  domain?: string;
};

/** The credentials of all domains. An id is unique in its domain, whatever the kind of credential. */
export class Store {
  readonly #domains = new Map<string, Map<string, StoredCredential>>();

  constructor(folders: readonly string[], domains: readonly string[]) {
    for (const folder of ["", ...folders.flatMap(withParents)])
      for (const domain of ["_", ...domains]) this.#domains.set(`${folder}|${domain}`, new Map());
  }

  hasFolder(folder: string): boolean {
    return this.#domains.has(`${folder}|_`);
  }

  /** The names of a store's domains, sorted; `_` is the global one. */
  domains(folder = ""): string[] {
    const keys = [...this.#domains.keys()].filter((key) => key.startsWith(`${folder}|`));
    return keys.map((key) => key.slice(folder.length + 1)).sort();
  }

  /** A domain's credentials by id; undefined where there is no such domain. */
  entries({ folder = "", domain = "_" }: DomainPath): Map<string, StoredCredential> | undefined {
    return this.#domains.get(`${folder}|${domain}`);
  }
}

function withParents(folder: string): string[] {
  const segments = folder.split("/");
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
