/** What an image reference names in a registry. */
export type ImageName = { repository: string; tag?: string; digest?: string };

/** The parts of `REPOSITORY[:TAG][@sha256:HEX]`; undefined for any other text. */
export function imageName(text: string): ImageName | undefined {
  const [, repository, tag, digest] =
    /^([a-z0-9][a-z0-9._/-]*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  if (repository === undefined) return undefined;
  return { repository, ...(tag && { tag }), ...(digest && { digest }) };
}

/** An image reference or repository without the registry's host, with which users may copy it. */
export function withoutHost(text: string, host: string): string {
  return text.startsWith(`${host}/`) ? text.slice(host.length + 1) : text;
}
