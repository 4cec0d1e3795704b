import { literalPattern } from "../../../render/proxy/globs.ts";
import { UsageError } from "../../operation-error.ts";
import type { ListedImage } from "./image-list.ts";

/** Each undefined option lets every image through. */
export type ImageFilter = {
  /** A glob, in which `*` stands for any characters. */
  tag?: string | undefined;
  platform?: string | undefined;
  /** An age, as in 30d. */
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
  const [, amount, unit] = /^(\d{1,6})([hdw])$/.exec(age) ?? [];
  if (amount === undefined)
    throw new UsageError(`--older-than is a number of h, d or w, as in 30d, not ${JSON.stringify(age)}`);
  const hours = { h: 1, d: 24, w: 168 }[unit as "h" | "d" | "w"];
  return Number(amount) * hours * 3_600_000;
}
