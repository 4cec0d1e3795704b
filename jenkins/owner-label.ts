import type { Owner } from "../settings/owner.ts";
import { type LabelledOwner, ownerInLabel, ownerLabel } from "../settings/owner-label.ts";

/** A description with the stack's owner label in brackets at its end. Every entry that a stack creates has one. */
export function withOwnerLabel(description: string, owner: Owner): string {
  const mark = `[${ownerLabel(owner)}]`;
  return description === "" ? mark : `${description} ${mark}`;
}

/**
 * The owner in an entry's description; undefined if the description has no owner label, as in entries made by hand. Labels
 * without an id are all of this project: a version before owner ids wrote them.
 */
export function ownerOf(description: string): LabelledOwner | undefined {
  const [, mark = ""] =
    /\[(container-registry\/[^\][]+|[^\s\][/]+\/[^\s\][/]+ [0-9a-f]{16})\]$/.exec(description) ?? [];
  return ownerInLabel(mark);
}
