import { createHash } from "node:crypto";

/** An object's name with a checksum of its content, so that changed content has another name. */
export function contentName(name: string, content: Record<string, string>): string {
  return `${name}-${createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 10)}`;
}
