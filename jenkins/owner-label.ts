import type { Owner } from "../settings/owner.ts";
import { type LabelledOwner, ownerInLabel, ownerLabel } from "../settings/owner-label.ts";

/** A description with what ends that of each entry a stack made: `[PROJECT/STACK OWNER]`. */
export function withOwnerLabel(description: string, owner: Owner): string {
  const mark = `[${ownerLabel(owner)}]`;
  return description === "" ? mark : `${description} ${mark}`;
}

/** The stack that made an entry; undefined for what somebody made by hand. */
export function ownerOf(description: string): LabelledOwner | undefined {
  const [, mark = ""] = /\[(container-registry\/[^\][]+)\]$/.exec(description) ?? [];
  return ownerInLabel(mark);
}
