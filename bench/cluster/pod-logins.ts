import type { ClusterNode } from "../../lab/cluster/cluster-node.ts";

/** What one pod answered a login: when it was sent and answered, in seconds since 1970, and the status. */
export type PodAnswer = { pod: string; sent: number; answered: number; status: number };

export type Logins = {
  /** Ends the logins and returns all of them. */
  stop(): Promise<PodAnswer[]>;
};

/** Logs in at the proxy of each pod, from a node and past every Service, about twenty times a second until it is stopped. */
export function startLogins(
  node: ClusterNode,
  pods: readonly string[],
  { name, password }: { name: string; password: string },
): Logins {
  const script = `
    credentials=$1 end=$2; shift 2
    # Ends by itself where the benchmark is killed.
    last=$(($(date +%s) + 300))
    try() {
      until [ -e "$end" ] || [ "$(date +%s)" -gt "$last" ]; do
        sent=$(date +%s.%N)
        status=$(curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' --user "$credentials" "http://$1:5000/v2/")
        echo "$1 $sent $(date +%s.%N) $status"
        sleep 0.03
      done
    }
    for pod; do try "$pod" & done
    wait
    rm -f "$end"`;
  const end = `/tmp/bench-logins-${process.pid}`;
  const running = node.run(script, { args: [`${name}:${password}`, end, ...pods] });
  return {
    stop: async () => {
      await node.run('touch "$1"', { args: [end] });
      return (await running).split("\n").map((line) => {
        const [pod = "", sent, answered, status] = line.split(" ");
        return { pod, sent: Number(sent), answered: Number(answered), status: Number(status) };
      });
    },
  };
}
