import type { Digest } from "../contents/contents.ts";

/** What no deletion may touch: the images that pods of the stack's cluster run, with the pod's name, and immutable tags. */
export type ImagesInUse = {
  /** By digest, of a manifest or of an image's config: container runtimes report either. */
  digests: ReadonlyMap<Digest, string>;
  /** By `REPOSITORY:TAG`, without the registry's host. */
  tags: ReadonlyMap<string, string>;
  /** Whether the stack file's `immutableTags` match a tag, which the proxy then refuses to delete. @default none is */
  isImmutable?: (repository: string, tag: string) => boolean;
};

export const noneInUse: ImagesInUse = { digests: new Map(), tags: new Map() };
