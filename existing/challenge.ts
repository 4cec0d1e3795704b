/** The authentication scheme that a registry asks its clients for. */
export type Challenge =
  | { scheme: "basic" }
  /** The client gets a token from the server at `realm` and sends the token to the registry. */
  | { scheme: "bearer"; realm: string; service?: string };

/**
 * The challenge of a `WWW-Authenticate` header, Bearer before Basic where it has both; undefined for any other scheme.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function challengeIn(header: string | string[] | undefined): Challenge | undefined {
  const text = [header ?? []].flat().join(", ");
  const [, bearer] = /(?:^|[,\s])Bearer\s+(.*)$/i.exec(text) ?? [];
  const realm = bearer && parameter(bearer, "realm");
  if (bearer && realm) return { scheme: "bearer", realm, service: parameter(bearer, "service") };
  return /(?:^|[,\s])Basic(?:\s|$)/i.test(text) ? { scheme: "basic" } : undefined;
}

function parameter(text: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(`(?:^|[,\\s])${name}=(?:"([^"]*)"|([^",\\s]+))`, "i").exec(text) ?? [];
  return quoted ?? plain;
}
