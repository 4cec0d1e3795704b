import { appliedFilesScript } from "../../../hosts/health/applied-files.ts";
import type { HybridVariant } from "../../../settings/variants/hybrid.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";
import type { CheckedHost } from "../checks/host/checked-host.ts";
import { containers } from "../checks/host/containers.ts";
import { storage } from "../checks/host/storage.ts";
import { units } from "../checks/host/units.ts";
import { type AppliedMachine, applied } from "../checks/machine/applied.ts";
import { hostFacts } from "../host-facts.ts";
import { type AppliedState, commandOf, textsIn } from "../machines/applied-commands.ts";
import { appliedFacts } from "../machines/applied-facts.ts";
import type { StackMachine } from "../machines/stack-machines.ts";
import { mendsOf, onMachine } from "../mends.ts";
import { type Part, part } from "../part.ts";
import { within } from "../within.ts";

const affects = "everybody who pushes or pulls";

const seconds = 10;

const hostChecks = [...containers, ...storage, ...units];

/** What the registry host says. It is asked once, for the checks of the host and for those of its name. */
export async function lookAtHost(
  stack: LiveStack,
  state: AppliedState,
  { where, connection, commandName }: StackMachine,
): Promise<CheckedHost & AppliedMachine> {
  const mends = mendsOf(stack);
  const command = commandOf(state, commandName, connection);
  const ask = async (signal: AbortSignal) => {
    await using machine = await openMachine(connection, stack.secrets, signal);
    return appliedFacts(await machine.run(appliedFilesScript("registry")));
  };
  const [health, facts] = await Promise.all([known(hostFacts(stack)), within(seconds, where, ask)]);
  return {
    ...facts,
    ...{ health, where, affects, mends, ownerId: state.owner, texts: command ? textsIn(command) : new Map() },
    services: servicesOf(stack),
    command: (text) => onMachine(connection, text),
    // Docker alone would not start the containers that its orderly stop has stopped.
    startDocker: onMachine(connection, "systemctl restart docker.service container-registry.service"),
    startContainers: { mend: mends.fix, fixable: true },
  };
}

/** The registry host: its containers, its disk, and each file that `up` wrote there. */
export function hostPart({ where, connection }: StackMachine, facts: Promise<CheckedHost & AppliedMachine>): Part {
  return part<CheckedHost & AppliedMachine>({
    ...{ name: where, checks: [...applied, ...hostChecks], seconds: seconds + 1 },
    look: () => facts,
    unreachable: {
      id: "host-unreachable",
      problem: (reason) => ({
        problem: `the host cannot be asked: ${reason}`,
        ...{ where, affects: "the operator: no up works, and nobody knows how the host is", fixable: false },
        mend: `start the machine, or let this one connect to it; then see: ${onMachine(connection, "true")}`,
      }),
    },
  });
}

/** Variant hybrid: two containers in Docker on this machine. */
export function hybridPart(stack: LiveStack, { containerName, network }: HybridVariant): Part {
  const mends = mendsOf(stack);
  const where = "Docker on this machine";
  return part<CheckedHost>({
    name: where,
    checks: hostChecks,
    look: async () => ({
      ...{ health: await known(hostFacts(stack)), where, affects, mends, network, services: servicesOf(stack) },
      command: (text) => text,
      startDocker: "sudo systemctl restart docker",
      startContainers: { mend: `docker start ${containerName}-storage ${containerName}`, fixable: false },
    }),
    unreachable: {
      id: "docker-down",
      problem: (reason) => ({
        problem: `Docker on this machine cannot be asked: ${reason}`,
        ...{ where, affects, mend: "sudo systemctl start docker", fixable: false },
      }),
    },
  });
}

async function known<T>(facts: Promise<T | undefined>): Promise<T> {
  const answer = await facts;
  if (answer === undefined) throw new OperationError("this variant's registry runs on no machine");
  return answer;
}

function servicesOf({ settings: { variant } }: LiveStack): CheckedHost["services"] {
  const joxit = variant.kind === "host" && variant.ui.kind === "joxit";
  return ["registry", "proxy", ...(joxit ? (["ui"] as const) : [])];
}
