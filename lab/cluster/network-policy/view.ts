import { z } from "zod";
import type { Transport } from "../../pulumi-fakes/kubernetes/api/transport.ts";
import { type NetworkPolicySpec, networkPolicySpec } from "./spec.ts";

/** The part of the cluster's state that decides who may connect to the pods of one namespace. */
export type View = {
  namespace: string;
  /** The network policies of that namespace. */
  policies: NetworkPolicySpec[];
  /** The pods of the whole cluster, without those that use their node's network: network policies do not select these. */
  pods: Pod[];
  /** The labels of each namespace. */
  namespaces: Record<string, Labels>;
};

export type Pod = {
  namespace: string;
  labels: Labels;
  node: string;
  address: string;
  ports: z.output<typeof ContainerPort>[];
};
export type Labels = Record<string, string>;

const Metadata = z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) });

const ContainerPort = z.object({
  name: z.string().optional(),
  containerPort: z.number(),
  protocol: z.string().default("TCP"),
});

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: Metadata.extend({ namespace: z.string() }),
      spec: z.object({
        nodeName: z.string().default(""),
        hostNetwork: z.boolean().default(false),
        containers: z.array(z.object({ ports: z.array(ContainerPort).default([]) })),
      }),
      status: z.object({ phase: z.string(), podIP: z.string().default("") }),
    }),
  ),
});
const Namespaces = z.object({ items: z.array(z.object({ metadata: Metadata })) });
const Policies = z.object({ items: z.array(z.object({ metadata: Metadata, spec: z.unknown() })) });

/** Reads the current view from the API server. */
export async function networkView(call: Transport, namespace: string): Promise<View> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const [policies, pods, namespaces] = await Promise.all([
    call({ path }),
    call({ path: "/api/v1/pods" }),
    call({ path: "/api/v1/namespaces" }),
  ]);
  return {
    namespace,
    policies: Policies.parse(policies).items.map(({ metadata, spec }) => networkPolicySpec(metadata.name, spec)),
    pods: podsWithAddresses(Pods.parse(pods)),
    namespaces: Object.fromEntries(
      Namespaces.parse(namespaces).items.map(({ metadata }) => [metadata.name, metadata.labels]),
    ),
  };
}

/**
 * The running pods with an address of their own. A finished pod is left out: the API still shows its address, but another
 * pod may use it.
 */
function podsWithAddresses({ items }: z.output<typeof Pods>): Pod[] {
  return items
    .filter(({ spec, status }) => !spec.hostNetwork && status.podIP !== "" && !/Succeeded|Failed/.test(status.phase))
    .map(({ metadata: { namespace, labels }, spec, status }) => ({
      namespace,
      labels,
      node: spec.nodeName,
      address: status.podIP,
      ports: spec.containers.flatMap(({ ports }) => ports),
    }));
}
