import { z } from "zod";

/** An http or https URL that carries no credentials. */
export function httpUrl(example: string) {
  return z
    .string()
    .refine(isPlain, `an http or https URL without user, query and fragment, as in ${example}`)
    .meta({ examples: [example] });
}

/** An https URL that carries no credentials. */
export function httpsUrl(example: string) {
  return z
    .string()
    .refine(
      (url) => isPlain(url) && url.startsWith("https:"),
      `an https URL without user, query and fragment, as in ${example}`,
    )
    .meta({ examples: [example] });
}

/**
 * Whether `text` is a URL without user, query, fragment and characters that need encoding. The ACME directory's URL is
 * written into a Caddyfile, where braces would be a placeholder.
 */
function isPlain(text: string): boolean {
  if (!/^https?:\/\/[^\s?#@{}"`<>\\^|]+$/.test(text)) return false;
  return URL.canParse(text);
}
