import { z } from "zod";
import { LabError } from "../../lab-error.ts";

const LabelSelector = z.strictObject({ matchLabels: z.record(z.string(), z.string()).default({}) });
export type LabelSelector = z.output<typeof LabelSelector>;

const Peer = z.strictObject({
  namespaceSelector: LabelSelector.optional(),
  podSelector: LabelSelector.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
export type Peer = z.output<typeof Peer>;

const Port = z.strictObject({
  protocol: z.enum(["TCP", "UDP"]).default("TCP"),
  /** A number, or the name that a container gives one of its ports. */
  port: z.union([z.number(), z.string()]).optional(),
});
export type Port = z.output<typeof Port>;

const NetworkPolicySpec = z.strictObject({
  podSelector: LabelSelector,
  policyTypes: z.array(z.literal("Ingress")).default(["Ingress"]),
  /** Of each, an empty list or none means all. */
  ingress: z.array(z.strictObject({ from: z.array(Peer).default([]), ports: z.array(Port).default([]) })).default([]),
});
export type NetworkPolicySpec = z.output<typeof NetworkPolicySpec>;

/** Reads a policy's spec. It throws an error that names every part of the spec that the fake does not support. */
export function networkPolicySpec(name: string, spec: unknown): NetworkPolicySpec {
  const { success, data, error } = NetworkPolicySpec.safeParse(spec);
  if (success) return data;
  const what = z.prettifyError(error);
  throw new LabError(`NetworkPolicy ${name}: not supported by the lab's fake for a network plugin:\n${what}`);
}
