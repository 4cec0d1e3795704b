/**
 * A repository glob as an unanchored RE2 pattern for whole repository names.
 *
 * `*` is one segment, `**` any number of them; at the end `**` is at least one, so `a/**` is everything below `a`, not `a`.
 */
export function globPattern(glob: string): string {
  const segments = glob.split("/");
  const last = segments.length - 1;
  return segments.map((segment, index) => segmentPattern(segment, index === last)).join("");
}

function segmentPattern(segment: string, isLast: boolean): string {
  if (segment === "**") return isLast ? ".+" : "(?:.+/)?";
  const pattern = segment === "*" ? "[^/]+" : literalPattern(segment);
  return isLast ? pattern : `${pattern}/`;
}

/** A tag glob as an unanchored RE2 pattern for whole tags, which never matches a digest: `*` is any characters. */
export function tagGlobPattern(glob: string): string {
  return glob.split("*").map(literalPattern).join("[\\w.-]*");
}

/** The text with RE2's special characters escaped, so that the pattern matches only this text. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
