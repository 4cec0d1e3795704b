import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Owner } from "../../settings/owner.ts";

/** What a stack file has to state before a bundle moves to another machine. */
export type MoveRule = {
  /** The machine that the stack file says the bundle moves away from. @default none: another machine is an error */
  from?: string | undefined;
  /** The error if the bundle is on `old`, and the stack file does not say what becomes of it. */
  error(old: string): string;
  /** The error if the statement was used already, for the move to `next`. */
  usedError(next: string): string;
  /** The warning of a preview in which the bundle moves. */
  warning: string;
};

type ApplicationIdArgs = {
  /** The machine that the connection leads to, as `machineAddress` names it. */
  machine: string;
  owner: pulumi.Input<Owner>;
  moveRule?: MoveRule | undefined;
};

type ApplicationId = {
  id: pulumi.Output<string>;
  /** To be called with the command that applies the bundle with this id. */
  appliedBy(command: pulumi.Resource): void;
};

/**
 * A random id that changes with the machine's address. One machine may have several addresses: the id prevents a removal at
 * the old address from deleting what was applied at the new one. The address itself cannot be the id, since a stack may
 * return to an earlier address.
 */
export function applicationId(
  name: string,
  { machine, owner, moveRule }: ApplicationIdArgs,
  { parent }: pulumi.CustomResourceOptions,
): ApplicationId {
  const application = `${name}-application`;
  if (moveRule === undefined)
    return { id: new RandomId(application, idOf(machine), { parent }).hex, appliedBy: () => {} };
  const { from, error, usedError, warning } = moveRule;
  if (from === undefined) {
    const known = new RandomId(application, idOf(machine), unchanged(parent));
    return { id: checkedId(known, machine, error), appliedBy: () => {} };
  }

  // The statement holds for the first machine that the bundle moves to from there. If it stays in the stack file, it does
  // not allow a later move.
  const move = new RandomId(`${name}-from-${from.replaceAll(":", "-")}`, idOf(machine), unchanged(parent));
  if (pulumi.runtime.isDryRun()) warnWhereNew(move.hex, owner, warning);
  return {
    id: checkedId(move, machine, usedError),
    // After a failure the state still says that the bundle is on the old machine.
    appliedBy: (command) => {
      new RandomId(application, idOf(machine), { parent, dependsOn: command });
    },
  };
}

function idOf(machine: string) {
  return { byteLength: 8, keepers: { machine } };
}

/** Options of an id whose state keeps the machine that it was created for. */
function unchanged(parent: pulumi.Resource | undefined) {
  return { parent, ignoreChanges: ["keepers"] };
}

/** The id, if the state has it for this machine. Another machine is an error, which a preview ends with, too. */
function checkedId(
  { hex, keepers }: RandomId,
  machine: string,
  error: (stored: string) => string,
): pulumi.Output<string> {
  return pulumi.all([hex, keepers]).apply(([id, stored]) => {
    const old = stored?.machine;
    if (old !== undefined && old !== machine) throw new ProgramError(error(old));
    return id;
  });
}

/** Warns if an existing stack has a new machine. A stack's first preview prints no warning: the owner is still unknown. */
function warnWhereNew(application: pulumi.Output<string>, owner: pulumi.Input<Owner>, warning: string): void {
  void Promise.all([isKnown(application), isKnown(pulumi.output(owner))]).then(([old, stackIsOld]) => {
    if (stackIsOld && !old) void pulumi.log.warn(warning);
  });
}

/** Whether an output's value is known. Every output has this property, but Pulumi's published types leave it out. */
function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as pulumi.Output<unknown> & { isKnown: Promise<boolean> }).isKnown;
}
