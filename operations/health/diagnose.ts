import type { z } from "zod";
import type { LiveStack, StackOutputs } from "../live-stack.ts";
import { rootCauses } from "./check.ts";
import type { Finding } from "./finding.ts";
import type { ReadImages } from "./images/read-images.ts";
import type { AppliedState } from "./machines/applied-commands.ts";
import { type StackMachine, stackMachines } from "./machines/stack-machines.ts";
import { examineParts, type Part } from "./part.ts";
import { consumerParts } from "./parts/consumer-parts.ts";
import { hostPart, hybridPart, lookAtHost } from "./parts/host-part.ts";
import { imagesPart } from "./parts/images-part.ts";
import { lostClusterPart, nodePart } from "./parts/node-part.ts";
import { registryPart } from "./parts/registry-part.ts";

export type Diagnosis = {
  /** The parts that were asked. */
  asked: string[];
  findings: Finding[];
  /** How much was read, where every image was. */
  images?: z.output<typeof ReadImages>;
};

export type DiagnoseOptions = {
  /** Ask this node alone. @default every part */
  node?: string | undefined;
  /** Read every image whole, too. @default false */
  deep?: boolean | undefined;
};

/** Asks every part of a live stack the way its users do, or one node, and finds what is wrong. It changes nothing. */
export async function diagnose(
  stack: LiveStack,
  outputs: StackOutputs,
  state: AppliedState,
  { node, deep = false }: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const images = deep ? imagesPart(stack) : undefined;
  const parts = [...partsOf(stack, outputs, state, node), ...(images ? [images] : [])];
  const findings = rootCauses(await examineParts(parts));
  const read = images?.read();
  return { asked: parts.map(({ name }) => name), findings, ...(read && { images: read }) };
}

function partsOf(stack: LiveStack, outputs: StackOutputs, state: AppliedState, node: string | undefined): Part[] {
  const { variant } = stack.settings;
  const { machines, lost } = stackMachines(stack, node);
  const nodes = machines.filter(isNode).map((machine) => nodePart(stack, outputs, state, machine));
  nodes.push(...lost.map(lostClusterPart));
  if (node !== undefined) return nodes;
  const [host] = machines.filter(({ kind }) => kind === "host");
  const facts = host && lookAtHost(stack, state, host);
  const hybrid = variant.kind === "hybrid" ? [hybridPart(stack, variant)] : [];
  return [
    registryPart(
      stack,
      outputs,
      facts?.catch(() => undefined),
    ),
    ...(host && facts ? [hostPart(host, facts)] : []),
    ...hybrid,
    ...nodes,
    ...consumerParts(stack, outputs, state),
  ];
}

function isNode(machine: StackMachine): machine is StackMachine & { node: NonNullable<StackMachine["node"]> } {
  return machine.node !== undefined;
}
