import { OperationError } from "../operation-error.ts";
import type { Credential, RotatingStack } from "./rotating-stack.ts";

/**
 * How long to wait until the proxy knows a changed password; in a cluster the kubelet has to update the Secret first.
 */
const retrySeconds = 180;

export async function untilAccepted(stack: RotatingStack, credential: Credential): Promise<void> {
  await until(stack, credential, true, "the registry still refuses the new password");
}

export async function untilRefused(stack: RotatingStack, credential: Credential): Promise<void> {
  const what = "token" in credential ? "the token of the old password" : "the old password";
  await until(stack, credential, false, `the registry still takes ${what}`);
}

async function until(stack: RotatingStack, credential: Credential, wanted: boolean, flaw: string): Promise<void> {
  for (let seconds = 0; (await stack.accepts(credential)) !== wanted; seconds += 2) {
    if (seconds >= retrySeconds)
      throw new OperationError(
        `${flaw}${"account" in credential ? ` of ${credential.account}` : ""} after ${retrySeconds} s; see the proxy's log, then run this again`,
      );
    await stack.wait(2);
  }
}
