import { createHash } from "node:crypto";

/** The name with a checksum of the content, so that changed content has another name. */
export function contentName(name: string, content: Record<string, string>): string {
  return `${name}-${createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 10)}`;
}
