import * as pulumi from "@pulumi/pulumi";

/**
 * Says, after a removal that failed, what to do where the machine is gone for good: the error is the command plugin's own, and
 * tells of a connection only. For an error hook of the engine's; never asks for another try.
 */
export function warnOfFailedRemoval({ name, urn, failedOperation }: pulumi.ErrorHookArgs): boolean {
  if (failedOperation === "delete")
    void pulumi.log.warn(
      `${name} could not be removed from its machine; the next up tries again. If that machine is gone for good, have Pulumi forget it: pulumi state delete '${urn}'`,
    );
  return false;
}
