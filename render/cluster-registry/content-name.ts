import { createHash } from "node:crypto";

/** A name that is another with every change of the content. */
export function contentName(name: string, content: Record<string, string>): string {
  return `${name}-${createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 10)}`;
}
