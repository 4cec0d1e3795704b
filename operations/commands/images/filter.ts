import { tagMatches } from "../../contents/globs.ts";
import { durationDays } from "../../duration.ts";
import type { ListedImage } from "./image-list.ts";

/** Each undefined option lets every image through. */
export type ImageFilter = {
  /** A glob, in which `*` stands for any characters. */
  tag?: string | undefined;
  platform?: string | undefined;
  /** Days, as in 30d. */
  "older-than"?: string | undefined;
};

export const sortings = {
  name: (a: ListedImage, b: ListedImage) =>
    a.repository.localeCompare(b.repository) || a.tag.localeCompare(b.tag, undefined, { numeric: true }),
  size: (a: ListedImage, b: ListedImage) => b.size - a.size,
  created: (a: ListedImage, b: ListedImage) => (b.created ?? "").localeCompare(a.created ?? ""),
} as const;

export function imageFilter({ tag, platform, "older-than": age }: ImageFilter, now: Date) {
  const days = age === undefined ? undefined : durationDays(age, "--older-than");
  const before = days === undefined ? undefined : new Date(now.getTime() - days * 86_400_000).toISOString();
  return (image: ListedImage): boolean =>
    (tag === undefined || tagMatches(tag, image.tag)) &&
    (platform === undefined || image.platforms.includes(platform)) &&
    (before === undefined || (image.created !== undefined && image.created < before));
}
