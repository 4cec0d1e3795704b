import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { registryChecks } from "../checks/registry/registry.ts";
import { atRegistry } from "../checks/registry/where.ts";
import { mendsOf } from "../mends.ts";
import { type Part, part } from "../part.ts";
import { askAsClient } from "../registry/ask-as-client.ts";

/** Logins and a push take a while where the registry computes slowly, or many accounts log in. */
const seconds = 40;

/**
 * The registry as clients on this machine see it. `machine`: the addresses of the machine that serves, where it says them.
 * @default unknown
 */
export function registryPart(
  stack: LiveStack,
  outputs: StackOutputs,
  machine: Promise<{ addresses: readonly string[] } | undefined> = Promise.resolve(undefined),
): Part {
  return part({
    ...{ name: `registry ${outputs.registryUrl}`, checks: registryChecks, seconds },
    look: async () => {
      const [facts, known] = await Promise.all([askAsClient(stack, outputs), machine]);
      return { ...facts, ...(known && { machine: { addresses: known.addresses } }) };
    },
    unreachable: {
      id: "no-answer",
      problem: (reason) =>
        atRegistry({ url: outputs.registryUrl }, { problem: reason, mend: mendsOf(stack).restartRegistry }),
    },
  });
}
