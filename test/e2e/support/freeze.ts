import type { Machine } from "../../../lab/hosts/machine.ts";

/** Processes of a host that were stopped by SIGSTOP. */
export type Frozen = {
  thaw(): Promise<void>;
  /** Kills the processes with SIGKILL, to imitate a power failure. */
  kill(): Promise<void>;
};

/** Waits until an apply runs on a host and the shell command `condition` succeeds, then freezes that apply. */
export function freezeApply(machine: Machine, condition: string): Promise<Frozen> {
  const holder = "sed 's/^pid \\([0-9]*\\),.*/\\1/' /var/lib/container-registry/lock";
  return freeze(machine, `kill -0 "$(${holder})" && ${condition}`, holder);
}

/**
 * Waits until the shell command `condition` succeeds, then freezes all processes in certain SSH sessions: those of the processes
 * whose ids the shell command `pids` prints.
 */
export async function freeze(machine: Machine, condition: string, pids: string): Promise<Frozen> {
  const sessions = await machine.run(
    `# Killing the test does not end this script, so it ends by itself before the test's own time limit.
     (sleep 290 && kill -KILL $$) >/dev/null 2>&1 </dev/null & timer=$!
     stage='/var/lib/container-registry/registry/stage.*'
     until eval "$1" >/dev/null 2>&1; do sleep 0.02; done
     # At once, before anything else is looked for: it may be milliseconds from its end.
     kill -STOP $(eval "$2") 2>/dev/null || :
     sessions=$(ps -o sid= -p "$(eval "$2" | paste -s -d ,)" | tr -d ' ' | sort -u | paste -s -d ,)
     # Again until every process is stopped: one that was just starting was not in the first list. In state D, one stops later.
     pkill -STOP --session "$sessions"
     while ps -o stat= --sid "$sessions" | grep -qv '^[TZD]'; do pkill -STOP --session "$sessions" || :; done
     kill "$timer"
     echo "$sessions"`,
    { args: [condition, pids], timeoutSeconds: 290 },
  );
  // Signals are sent to child processes first: a sudo that continues before its child sees a stopped child, and stops again.
  const signal = (name: string) =>
    machine.run(`kill -${name} $(pgrep --session "$1" | sort --numeric-sort --reverse)`, { args: [sessions] });
  return {
    thaw: async () => {
      await signal("CONT");
    },
    kill: async () => {
      await signal("KILL");
    },
  };
}
