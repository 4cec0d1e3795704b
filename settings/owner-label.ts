import type { Owner } from "./owner.ts";

/** An owner as a thing is marked with it. */
export type LabelledOwner = {
  /** `PROJECT/STACK`, as it was called then. */
  stack: string;
  /** Undefined in marks from before stacks had ids. */
  id?: string;
};

/** The text that marks a thing as an owner's, as in `container-registry/prod 3f0c9a61d2b84e57`. */
export function ownerLabel({ stack, id }: Pick<Owner, "stack" | "id">): string {
  return `${stack} ${id}`;
}

/** The owner that a mark names; undefined for any other text. */
export function ownerInLabel(text: string): LabelledOwner | undefined {
  const [, stack, id] = /^([^\s/]+\/[^\s/]+)(?: ([0-9a-f]{16}))?$/.exec(text) ?? [];
  return stack === undefined ? undefined : { stack, ...(id !== undefined && { id }) };
}

/** How errors name an owner. */
export function ownerName({ stack, id }: LabelledOwner): string {
  return id === undefined ? `the stack ${stack}` : `the stack ${stack} (owner ${id})`;
}

/** The next step of every error about a thing of another owner; `another` is what to choose instead, as in `another id`. */
export function otherOwnerMessage(another: string, id: string): string {
  return `take ${another}, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${id}] in the stack file`;
}
