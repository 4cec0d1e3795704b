import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import type { Finding } from "../finding.ts";
import { type AppliedState, commandOf } from "./applied-commands.ts";
import { reapply } from "./reapply.ts";
import { type StackMachine, stackMachines } from "./stack-machines.ts";

export type Fixed = { where: string; error?: string };

/**
 * Applies the last up once more to each machine with a finding that it mends: to the host first, since nodes verify that they
 * reach the registry, then to one node after another, since some restart.
 */
export async function fixFindings(
  stack: LiveStack,
  state: AppliedState,
  findings: readonly Finding[],
): Promise<Fixed[]> {
  const fixed: Fixed[] = [];
  for (const machine of stackMachines(stack).machines)
    if (findings.some((finding) => concerns(finding, machine))) fixed.push(await fix(stack, state, machine));
  return fixed;
}

/** A fixable finding at the registry itself is about its host. */
function concerns({ where }: Finding, machine: StackMachine): boolean {
  return where === machine.where || (machine.kind === "host" && where.startsWith("registry "));
}

async function fix(stack: LiveStack, state: AppliedState, machine: StackMachine): Promise<Fixed> {
  const { where, commandName, connection } = machine;
  const command = commandOf(state, commandName, connection);
  if (command === undefined) return { where, error: "no up has applied it yet; run pulumi up" };
  try {
    await reapply(machine, command, stack.secrets);
    return { where };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { where, error: error.message };
  }
}
