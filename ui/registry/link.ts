/**
 * Path and query of the next page, by an answer's `Link` header; none on the last page.
 * The host it may name is dropped: pages come from this origin alone.
 * @see RFC 8288; OCI distribution-spec, "Listing Tags"
 */
export function nextPage(link: string | null): string | undefined {
  const target = link?.match(/<([^>]*)>\s*;[^<]*\brel="?next"?(?=[\s;,]|$)/i)?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, "http://this-origin/");
  return pathname.startsWith("/v2/") ? `${pathname}${search}` : undefined;
}
