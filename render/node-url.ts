/**
 * `HOST[:PORT]` of where a node finds a registry, as image references spell it: a port stays, 443 too; the dot that ends a
 * fully qualified name goes, for no reference may have it.
 */
export function addressOf(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\.(?=:|$)/, "");
}

/** Whether it is reached without TLS. */
export function isPlain(url: string): boolean {
  return url.startsWith("http:");
}
