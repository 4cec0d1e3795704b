import { literalPattern } from "../../../render/proxy/globs.ts";
import { UsageError } from "../../operation-error.ts";
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
  const pattern = tag === undefined ? undefined : new RegExp(`^${tag.split("*").map(literalPattern).join(".*")}$`);
  const before = age === undefined ? undefined : new Date(now.getTime() - milliseconds(age)).toISOString();
  return (image: ListedImage): boolean =>
    (pattern === undefined || pattern.test(image.tag)) &&
    (platform === undefined || image.platforms.includes(platform)) &&
    (before === undefined || (image.created !== undefined && image.created < before));
}

function milliseconds(age: string): number {
  const [, days] = /^([1-9]\d{0,4})d$/.exec(age) ?? [];
  if (days === undefined) throw new UsageError("--older-than is a number of days, as in 30d");
  return Number(days) * 24 * 3_600_000;
}
