import type { Owner } from "../settings/owner.ts";
import { type MarkedOwner, markedOwner, ownerMark } from "../settings/owner-label.ts";

/** A description with what ends that of each entry a stack made: `[PROJECT/STACK OWNER]`. */
export function marked(description: string, owner: Owner): string {
  const mark = `[${ownerMark(owner)}]`;
  return description === "" ? mark : `${description} ${mark}`;
}

/** The stack that made an entry; undefined for what somebody made by hand. */
export function markedBy(description: string): MarkedOwner | undefined {
  const [, mark = ""] = /\[(container-registry\/[^\][]+)\]$/.exec(description) ?? [];
  return markedOwner(mark);
}
