import type { Input } from "../bridged/resource.ts";
import { atLeast, eachOneOf } from "../bridged/rules.ts";
import { number, type PropertyMap, text } from "../plugin/property.ts";
import { extendedKeyUsages, keyUsages } from "./usages.ts";

/** Inputs of both kinds of certificate. */
export const validityInputs = {
  validityPeriodHours: { change: "replace", required: true, problem: atLeast(0) },
  allowedUses: {
    change: "replace",
    required: true,
    problem: eachOneOf([...Object.keys(keyUsages), ...Object.keys(extendedKeyUsages)].sort()),
  },
  earlyRenewalHours: { change: "update", default: 0, problem: atLeast(0) },
  isCaCertificate: { change: "replace", default: false },
  maxPathLength: { change: "replace", problem: atLeast(-1) },
  setSubjectKeyId: { change: "replace", default: false },
} satisfies Record<string, Input>;

export const validityOutputs = { certPem: {}, readyForRenewal: {}, validityStartTime: {}, validityEndTime: {} };

/**
 * Whether the certificate is within `earlyRenewalHours` of its end: an ordinary `up` then replaces it.
 *
 * @see terraform-provider-tls: modifyPlanIfCertificateReadyForRenewal
 */
export function readyForRenewal(state: PropertyMap): "readyForRenewal" | undefined {
  const end = Date.parse(text(state.validityEndTime) ?? "");
  const earlyMs = (number(state.earlyRenewalHours) ?? 0) * 3_600_000;
  return end - earlyMs <= Date.now() ? "readyForRenewal" : undefined;
}

/** `readyForRenewal` right after issuing. @see terraform-provider-tls: ReadyForRenewal */
export function readyFromTheStart({ validityPeriodHours, earlyRenewalHours }: PropertyMap): boolean {
  return validityPeriodHours === 0 || Number(earlyRenewalHours ?? 0) >= Number(validityPeriodHours);
}
