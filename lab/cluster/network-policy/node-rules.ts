import { execa } from "execa";
import { LabError } from "../../lab-error.ts";
import { chain } from "./rules.ts";

/** The iptables rules of one node. They are removed when this process ends, killed or not. */
export interface NodeRules extends AsyncDisposable {
  /** Replaces all rules at once; resolves when the node has them. */
  replace(rules: string): Promise<void>;
}

/**
 * Shell script that reads sets of rules from stdin, each of which ends in COMMIT, and applies them. At the end of stdin it
 * removes the chain.
 */
const agent = `
  chain=$1
  table() { iptables --wait --table mangle "$@"; }
  leave() {
    table --delete FORWARD --jump "$chain" || true
    table --flush "$chain" && table --delete-chain "$chain"
  }
  leave 2>/dev/null || true
  table --new-chain "$chain"
  trap leave EXIT
  table --insert FORWARD --jump "$chain"
  rules=
  while IFS= read -r line; do
    rules="$rules$line
"
    [ "$line" = COMMIT ] || continue
    printf %s "$rules" | iptables-restore --wait --noflush
    echo replaced
    rules=
  done`;

/** Starts the shell that applies rules in a node's container. Before it has applied the first rules, all traffic is allowed. */
export function startNodeRules(container: string): NodeRules {
  const command = ["exec", "--interactive", container, "sh", "-ec", agent, "sh", chain];
  const running = execa("docker", command, { stdin: "pipe" });
  // The error is reported by `replace` and on disposal; until then it must not count as an unhandled rejection.
  running.catch(() => {});
  const answers = running.iterable();
  return {
    replace: async (rules) => {
      running.stdin.write(rules);
      const { value } = await answers.next();
      if (value !== "replaced")
        throw new LabError(`cannot apply network policy rules on ${container}: its shell has ended`);
    },
    [Symbol.asyncDispose]: async () => {
      running.stdin.end();
      await running;
    },
  };
}
