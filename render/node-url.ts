/** `HOST[:PORT]` of where a node finds a registry, as the address was written: a port stays, 443 too. */
export function addressOf(url: string): string {
  return url.replace(/^https?:\/\//, "");
}

/** Whether it is reached without TLS. */
export function isPlain(url: string): boolean {
  return url.startsWith("http:");
}
