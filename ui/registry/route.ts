/** What the address names: `#/`, `#/REPO`, `#/REPO:TAG`, `#/REPO@DIGEST`. */
export type Route =
  | { kind: "catalogue" }
  | { kind: "repository"; repository: string }
  | { kind: "image"; repository: string; reference: string }
  /** No valid name; `text` is what the address has. */
  | { kind: "unknown"; text: string };

/** The route in `location.hash`. */
export function routeOf(hash: string): Route {
  const text = decoded(hash.replace(/^#?\/?/, ""));
  if (text === "") return { kind: "catalogue" };
  const [, repository = "", separator, reference = ""] = text.match(/^([^:@]*)(?:([:@])(.*))?$/s) ?? [];
  if (!isRepository(repository)) return { kind: "unknown", text };
  if (separator === undefined) return { kind: "repository", repository };
  const isReference = separator === ":" ? isTag(reference) : isDigest(reference);
  return isReference ? { kind: "image", repository, reference } : { kind: "unknown", text };
}

/** The link to a repository, or to an image in it by tag or digest. */
export function hashOf(repository: string, reference?: string): string {
  return `#/${reference === undefined ? repository : imageName(repository, reference)}`;
}

/** `REPO:TAG` or `REPO@DIGEST`. */
export function imageName(repository: string, reference: string): string {
  return `${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
}

/** @see OCI distribution-spec, "Pulling manifests" */
export function isRepository(text: string): boolean {
  return text.length < 256 && /^[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*$/.test(text);
}

export function isDigest(text: string): boolean {
  return /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(text);
}

export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
