import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "../cluster/kubectl.ts";
import { reconcile } from "./controller.ts";
import { installDefinitions, removeDefinitions } from "./definitions.ts";

export type CertManagerOptions = {
  kubectl: Kubectl;
  /** Whose issuers and certificates it looks after. */
  namespace: string;
};

const lookEveryMs = 300;

/**
 * A fake for cert-manager, whose programs can't be had: its own definitions, and in this process a controller that
 * signs, anew too where somebody wrote into its Secret. It knows self-signed and CA Issuers and plain Certificates; of
 * anything else the Ready condition says "not supported by the lab's fake". At its end the definitions go, and with
 * them what was made of them.
 *
 * @example await using certManager = await startCertManager({ kubectl: cluster.kubectl, namespace: "dso" })
 */
export async function startCertManager({ kubectl, namespace }: CertManagerOptions): Promise<AsyncDisposable> {
  await installDefinitions(kubectl);
  const stop = new AbortController();
  const running = watch(kubectl, namespace, stop.signal);
  // Told where it ends; until then it is nobody's unhandled rejection.
  running.catch(() => {});
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running.finally(() => removeDefinitions(kubectl));
    },
  };
}

async function watch(kubectl: Kubectl, namespace: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await reconcile(kubectl, namespace);
    await sleep(lookEveryMs, undefined, { signal: stop }).catch(() => {});
  }
}
