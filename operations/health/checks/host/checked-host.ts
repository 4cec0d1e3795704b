import type { Problem } from "../../check.ts";
import type { HostFacts } from "../../host-facts.ts";
import type { AppliedMachine } from "../machine/applied.ts";

/** The machine that runs the registry, of variants host and hybrid. */
export type CheckedHost = Pick<AppliedMachine, "where" | "affects" | "mends"> & {
  health: HostFacts;
  /** The containers that must run. */
  services: readonly ("registry" | "proxy" | "ui")[];
  /** A command line that runs a command on the machine as root. */
  command(text: string): string;
  /** What starts Docker again, with the containers that ended with it. */
  startDocker: string;
  /** Docker's network that nodes connect to the proxy in. @default they connect to the machine */
  network?: string;
  /** What starts containers again. */
  startContainers: Pick<Problem, "mend" | "fixable">;
};
