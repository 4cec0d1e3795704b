import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "../cluster/kubectl.ts";
import { reconcile } from "./controller.ts";
import { installDefinitions, removeDefinitions } from "./definitions.ts";

export type CertManagerOptions = {
  kubectl: Kubectl;
  /** The namespace whose issuers and certificates the fake reconciles. */
  namespace: string;
};

const lookEveryMs = 300;

/**
 * Starts a fake of cert-manager: the real CustomResourceDefinitions, and a controller in this process that issues certificates.
 * It issues a certificate again if somebody changed its Secret. It supports self-signed and CA Issuers and plain Certificates;
 * for anything else the Ready condition says "not supported by the lab's fake". Disposing of the fake deletes the definitions
 * and all their objects.
 *
 * @example await using certManager = await startCertManager({ kubectl: cluster.kubectl, namespace: "dso" })
 */
export async function startCertManager({ kubectl, namespace }: CertManagerOptions): Promise<AsyncDisposable> {
  await installDefinitions(kubectl);
  const stop = new AbortController();
  const running = watch(kubectl, namespace, stop.signal);
  // The error is reported on disposal; until then it must not count as an unhandled rejection.
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
