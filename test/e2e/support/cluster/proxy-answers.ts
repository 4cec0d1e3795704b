import { vi } from "vitest";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import { type Answer, request } from "../request.ts";

/**
 * Waits until a registry's proxy answers a machine that trusts it. After `up`, an ingress controller is told of an Ingress, its
 * Secret and its pods one after the other, at most every two seconds. A kube-proxy is told of a Service in the same way.
 */
export async function proxyAnswers(from: Machine, url: string): Promise<void> {
  let answer: Answer | undefined;
  const asksForLogin = async () => {
    answer = await request(from, `${url}/v2/`);
    return answer.status === 401;
  };
  await vi.waitUntil(asksForLogin, { timeout: 60_000, interval: 200 }).catch(() => {
    throw new Error(`${url}/v2/ does not ask for a login after 60 s: ${JSON.stringify(answer)}`);
  });
}
