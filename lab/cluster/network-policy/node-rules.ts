import { execa } from "execa";
import { LabError } from "../../lab-error.ts";
import { chain } from "./rules.ts";

/** The rules of one node; with this process they end, however it ends. */
export interface NodeRules extends AsyncDisposable {
  /** Puts rules in place of those before, all at once; ends when the node has them. */
  replace(rules: string): Promise<void>;
}

/** Rules come in on stdin, each time up to COMMIT; where that ends, the chain goes. */
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

/** Takes a node's container. Until rules come in, everybody reaches everything. */
export function startNodeRules(container: string): NodeRules {
  const command = ["exec", "--interactive", container, "sh", "-ec", agent, "sh", chain];
  const running = execa("docker", command, { stdin: "pipe" });
  // Told to who replaces rules or ends them; until then it is nobody's unhandled rejection.
  running.catch(() => {});
  const answers = running.iterable();
  return {
    replace: async (rules) => {
      running.stdin.write(rules);
      const { value } = await answers.next();
      if (value !== "replaced") throw new LabError(`${container} takes no network policy's rules: its shell has ended`);
    },
    [Symbol.asyncDispose]: async () => {
      running.stdin.end();
      await running;
    },
  };
}
