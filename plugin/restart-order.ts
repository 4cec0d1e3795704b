import type { NodeTrust } from "../components/nodes/node-trust.ts";

/**
 * Nodes that restart do so one after another, in the order in which the program creates them, and the restarts stop at the
 * first failure: each waits for the one before. A plugin's process serves one preview or one `up`.
 */
class RestartOrder {
  #last: NodeTrust | undefined;

  last(): NodeTrust | undefined {
    return this.#last;
  }

  add(trust: NodeTrust): void {
    this.#last = trust;
  }
}

export const restartOrder = new RestartOrder();
