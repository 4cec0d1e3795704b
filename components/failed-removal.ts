import * as pulumi from "@pulumi/pulumi";

/**
 * An error hook that says what to do when a removal failed because its machine no longer exists: the error itself comes
 * from the command plugin and only says that the connection failed. Returns false: the engine must not try again.
 */
export function warnOfFailedRemoval({ name, urn, failedOperation }: pulumi.ErrorHookArgs): boolean {
  if (failedOperation === "delete")
    void pulumi.log.warn(
      `${name} could not be removed from its machine; the next up tries again. If that machine no longer exists, remove it from the state: pulumi state delete '${urn}'`,
    );
  return false;
}
