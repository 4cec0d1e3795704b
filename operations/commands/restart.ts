import { setTimeout } from "node:timers/promises";
import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { served } from "../health/served.ts";
import { type LiveStack, liveStack, type StackOutputs, stackOutputs } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";
import { restartBesideKind, restartOnHost } from "./restart/restart-containers.ts";
import { restartPods } from "./restart/restart-pods.ts";

/** `registry restart`: restarts registry and proxy, and waits until they serve. */
export const restart = defineCommand({
  meta: {
    name: "restart",
    description: "Restart the registry and the proxy, one after the other, and wait until they serve",
    details: [
      "Starts what was stopped, too. Uploads under way may take five minutes to end first; clients that come",
      "meanwhile are refused, and come again. In a cluster its pods are replaced, as its strategy has it. A",
      "restart that fails says why. Images, settings and certificates stay as they are. docs/health.md",
    ],
    examples: ["restart"],
  },
  args: commonArgs,
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const outputs = await stackOutputs(stack);
    await restartServices(stack);
    const milliseconds = await answerTime(stack, outputs);
    const text = `the registry and the proxy serve again; ${outputs.registryUrl} answered a client in ${milliseconds} ms`;
    print(args, { serving: true, url: outputs.registryUrl, milliseconds }, text);
  },
});

function restartServices(stack: LiveStack): Promise<void> {
  const { variant } = stack.settings;
  switch (variant.kind) {
    case "host":
      return restartOnHost(stack, variant);
    case "cluster":
      return restartPods(stack, variant);
    case "hybrid":
      return restartBesideKind(variant);
    case "existing":
      throw new OperationError("somebody else runs this registry, so this program cannot restart it; ask them");
  }
}

/** How long a client may be without an answer after the restart, in seconds: addresses and routes may have changed. */
const waitSeconds = 30;

async function answerTime(stack: LiveStack, outputs: StackOutputs): Promise<number> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    const { milliseconds, problem } = await served(stack, outputs);
    if (milliseconds !== undefined) return milliseconds;
    if (Date.now() > deadline) throw new OperationError(`restarted, but a client is not served: ${problem}`);
    await setTimeout(1000);
  }
}
