import { readFileSync } from "node:fs";

/** A part of the shell programs that read and change a storage of distribution. */
export function collectionPart(name: string): string {
  return readFileSync(new URL(`${name}.sh`, import.meta.url), "utf8");
}
