/**
 * `HOST[:PORT]` of a URL, as image references spell it: the port stays, even 443; the final dot of a fully qualified name is
 * removed, since references cannot have it.
 */
export function addressOf(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\.(?=:|$)/, "");
}

/** Whether the URL is without TLS. */
export function isPlain(url: string): boolean {
  return url.startsWith("http:");
}
