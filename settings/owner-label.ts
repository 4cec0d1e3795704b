import type { Owner } from "./owner.ts";

/** The Pulumi stack that an owner label of an object names as the object's owner. */
export type LabelledOwner = {
  /** `PROJECT/STACK`: the stack's name when the label was written. */
  stack: string;
  /** The stack's owner id. Undefined in labels from the time before stacks had ids. */
  id?: string;
};

/** The text of an owner label, as in `container-registry/prod 3f0c9a61d2b84e57`. */
export function ownerLabel({ stack, id }: Pick<Owner, "stack" | "id">): string {
  return `${stack} ${id}`;
}

/** Parses an owner label; undefined for any other text. */
export function ownerInLabel(text: string): LabelledOwner | undefined {
  const [, stack, id] = /^([^\s/]+\/[^\s/]+)(?: ([0-9a-f]{16}))?$/.exec(text) ?? [];
  return stack === undefined ? undefined : { stack, ...(id !== undefined && { id }) };
}

/** The name of an owner in errors. */
export function ownerName({ stack, id }: LabelledOwner): string {
  return id === undefined ? `the stack ${stack}` : `the stack ${stack} (owner ${id})`;
}

/**
 * The next step in errors about an object that belongs to another stack, whose owner id is `id`. `another` is what to
 * choose instead of the object, as in `another id`.
 */
export function otherOwnerMessage(another: string, id: string): string {
  return `take ${another}, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${id}] in the stack file`;
}
