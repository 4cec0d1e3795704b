import { z } from "zod";
import type { Settings } from "../../../settings/settings.ts";
import { type Kubectl, KubectlError } from "../../kubectl.ts";
import type { StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";

type PullSecretFacts = {
  namespace: string;
  name: string;
  isThere: boolean;
  /** Whether it has the password that the stack gives out. */
  isCurrent: boolean;
  /** Undefined where the stack does not add it to the default ServiceAccount. */
  isInServiceAccount?: boolean;
};

export type FluxFacts = {
  kind: "ImageRepository" | "ImagePolicy";
  namespace: string;
  name: string;
  /** `no-definition` where the cluster does not know the kind. */
  state: "there" | "missing" | "no-definition";
  isSuspended: boolean;
  /** Flux's message where its condition Ready is False. */
  notReady?: string;
};

/** What the stack's cluster holds for its consumers. */
export type ClusterFacts = {
  pullSecrets: readonly PullSecretFacts[];
  /** The ConfigMap of pipelineConfig; undefined where the stack has none. */
  pipelineConfig?: { namespace: string; name: string; isThere: boolean };
  flux: readonly FluxFacts[];
};

const PullSecretObject = z.object({ data: z.record(z.string(), z.string()).default({}) });
const ServiceAccountObject = z.object({ imagePullSecrets: z.array(z.object({ name: z.string() })).default([]) });
const FluxObject = z.object({
  spec: z.object({ suspend: z.boolean().default(false) }).default({ suspend: false }),
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default("") }))
        .default([]),
    })
    .default({ conditions: [] }),
});

/** Reads the objects that the stack made for consumers in its cluster. */
export async function clusterFacts(
  kubectl: Kubectl,
  { pullSecrets, pipelineConfig, flux }: Pick<Settings, "pullSecrets" | "pipelineConfig" | "flux">,
  { accounts }: Pick<StackOutputs, "accounts">,
): Promise<ClusterFacts> {
  const get = (kind: string, namespace: string, name: string) => read(kubectl, kind, namespace, name);
  return {
    pullSecrets: await Promise.all(
      pullSecrets.map(async ({ namespace, name, account, defaultServiceAccount }): Promise<PullSecretFacts> => {
        const secret = await get("secret", namespace, name);
        const password = accounts[account ?? Object.keys(accounts)[0] ?? ""];
        return {
          ...{ namespace, name, isThere: secret !== undefined },
          isCurrent: secret !== undefined && password !== undefined && passwordsIn(secret).includes(password),
          ...(defaultServiceAccount && { isInServiceAccount: await listed(get, namespace, name) }),
        };
      }),
    ),
    ...(pipelineConfig?.namespace !== undefined && {
      pipelineConfig: {
        ...{ namespace: pipelineConfig.namespace, name: pipelineConfig.name },
        isThere: (await get("configmap", pipelineConfig.namespace, pipelineConfig.name)) !== undefined,
      },
    }),
    flux: await Promise.all([
      ...(flux?.images ?? []).map(({ name }) => fluxFacts(kubectl, "ImageRepository", flux?.namespace ?? "", name)),
      ...(flux?.policies ?? []).map(({ name }) => fluxFacts(kubectl, "ImagePolicy", flux?.namespace ?? "", name)),
    ]),
  };
}

type Get = (kind: string, namespace: string, name: string) => Promise<unknown>;

async function listed(get: Get, namespace: string, name: string): Promise<boolean> {
  const { data } = ServiceAccountObject.safeParse(await get("serviceaccount", namespace, "default"));
  return data?.imagePullSecrets.some((each) => each.name === name) ?? false;
}

/** The passwords in a Secret that kubelets log in with. They are compared, and never printed. */
function passwordsIn(secret: unknown): string[] {
  const { data } = PullSecretObject.safeParse(secret);
  const text = Buffer.from(data?.data[".dockerconfigjson"] ?? "", "base64").toString("utf8");
  return [...text.matchAll(/"password":("(?:[^"\\]|\\.)*")/g)].map(([, json = '""']) => String(JSON.parse(json)));
}

async function fluxFacts(
  kubectl: Kubectl,
  kind: FluxFacts["kind"],
  namespace: string,
  name: string,
): Promise<FluxFacts> {
  const object = await read(kubectl, `${kind.toLowerCase()}.image.toolkit.fluxcd.io`, namespace, name);
  const state = object === "no-definition" ? object : object === undefined ? "missing" : "there";
  const { data } = FluxObject.safeParse(object);
  const ready = data?.status.conditions.find(({ type }) => type === "Ready");
  return {
    ...{ kind, namespace, name, state, isSuspended: data?.spec.suspend ?? false },
    ...(ready?.status === "False" && { notReady: ready.message }),
  };
}

/** An object as JSON; undefined if it is not there, and `no-definition` where the cluster does not know its kind. */
async function read(kubectl: Kubectl, kind: string, namespace: string, name: string): Promise<unknown> {
  const args = ["get", kind, name, "--namespace", namespace, "--ignore-not-found", "--output", "json"];
  try {
    const text = await kubectl.run(["--request-timeout=5s", ...args]);
    return text.trim() === "" ? undefined : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    if (error.message.includes("the server doesn't have a resource type")) return "no-definition";
    throw new OperationError(`kubectl: ${error.message}`);
  }
}
