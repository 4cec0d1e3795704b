import type { MoveRule } from "../hosts/apply/application-id.ts";
import { machineAddress } from "../hosts/transport/machine-address.ts";
import { ProgramError } from "../settings/errors/program-error.ts";
import type { HostVariant } from "../settings/variants/host.ts";

/** What the stack file has to say before the registry moves to another machine: what becomes of the old one. */
export function hostMove(variant: HostVariant): MoveRule {
  const next = machineAddress(variant.connection);
  const from = oldMachine(variant.oldHost);
  if (from === next)
    throw new ProgramError(`variant.oldHost: ${next} is the machine that variant.connection leads to; remove oldHost`);
  return {
    from,
    error: (old) =>
      `the registry is on ${old}, and variant.connection leads to ${next}: nothing was touched, since the stack file does not say what becomes of ${old}. To move the images while pulls go on: docs/moving-a-host.md. If ${old} no longer exists, if its images are not needed, or if it is the same machine under another address, write into variant: oldHost: { kind: stopped, address: "${old}" }`,
    usedError: (to) =>
      `variant.oldHost has allowed the move to ${to} already, and variant.connection leads to ${next}: nothing was touched. If the registry is on ${to} now, name that machine in oldHost. If the up to there failed, run pulumi up with the former connection and without oldHost, then write both again. docs/moving-a-host.md`,
    warning: `${next} becomes the registry host, and up moves no images. ${oldHostWarning(variant)} docs/moving-a-host.md`,
  };
}

function oldMachine(oldHost: HostVariant["oldHost"]): string | undefined {
  return oldHost?.kind === "read-only" ? machineAddress(oldHost.connection) : oldHost?.address;
}

function oldHostWarning({ oldHost, storagePath, deleteData }: HostVariant): string {
  const old = oldMachine(oldHost);
  if (oldHost?.kind === "read-only")
    return `${old} then answers pulls alone, until oldHost is removed. registry move-host copies the images and runs this up.`;
  const images = deleteData
    ? `deleteData deletes the images there, in ${storagePath}`
    : `its images stay there, in ${storagePath}`;
  return `${old} stops serving at the end of this up, and ${images}. If it is the same machine under another address, nothing is stopped.`;
}
