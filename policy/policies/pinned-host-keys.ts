import type { Policy } from "../policy.ts";

/** What a command says of the machine that it logs in to, and of the one that SSH goes through. */
type Connection = { host?: string; hostKey?: string; proxy?: Connection };

/** A stack file cannot leave a host key out; a program that creates commands of its own can. */
export const pinnedHostKeys: Policy = {
  name: "pinned-host-keys",
  description: "Every SSH connection has the key of the machine that it trusts.",
  *violations({ type, props }) {
    if (!type.startsWith("command:remote:")) return;
    for (let target = props.connection as Connection | undefined; target; target = target.proxy)
      if (!target.hostKey)
        yield `the connection to ${target.host} has no hostKey, so that it trusts any machine that answers there; add the machine's public SSH key`;
  },
};
