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
  /** The warning of a preview in which the bundle moves. */
  warning: string;
};

type ApplicationIdArgs = {
  /** The machine that the connection leads to, as `machineAddress` names it. */
  machine: string;
  owner: pulumi.Input<Owner>;
  moveRule?: MoveRule | undefined;
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
): pulumi.Output<string> {
  const application = `${name}-application`;
  if (moveRule === undefined) return new RandomId(application, idOf(machine), { parent }).hex;
  const { from, error, warning } = moveRule;
  if (from === undefined) {
    const { hex, keepers } = new RandomId(application, idOf(machine), { parent, ignoreChanges: ["keepers"] });
    return pulumi.all([hex, sameMachine(keepers, machine, error)]).apply(([id]) => id);
  }
  // The statement holds for the first machine that the bundle moved to from there. If it stays in the stack file, it does
  // not allow a later move.
  const move = new RandomId(`${name}-from-${from.replaceAll(":", "-")}`, idOf(machine), {
    parent,
    ignoreChanges: ["keepers"],
  });
  const { hex } = new RandomId(application, idOf(sameMachine(move.keepers, machine, error)), { parent });
  if (pulumi.runtime.isDryRun()) warnWhereNew(hex, owner, warning);
  return hex;
}

function idOf(machine: pulumi.Input<string>) {
  return { byteLength: 8, keepers: { machine } };
}

/**
 * The machine, if it is the one for which the id was created. The id's resource ignores a change of the machine, so the
 * state tells which one that was, in a preview too.
 */
function sameMachine(keepers: RandomId["keepers"], machine: string, error: MoveRule["error"]): pulumi.Output<string> {
  return keepers.apply((stored) => {
    const old = stored?.machine;
    if (old !== undefined && old !== machine) throw new ProgramError(error(old));
    return machine;
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
