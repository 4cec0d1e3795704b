import type { Kubectl } from "../../../lab/cluster/kubectl.ts";
import type { Resource, State } from "./recorded.ts";

type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid?: string };
  [field: string]: unknown;
};

/** The keys that Pulumi adds to an object in the state of its resource. */
type Bookkeeping = { __fieldManager: string; __initialApiVersion: string };

/**
 * Creates every object of a recorded state in a cluster, each by the field manager that created it then, and completes
 * the state with the objects as they now are: a recording has only what was asked for.
 */
export async function restoreObjects(kubectl: Kubectl, state: State): Promise<State> {
  const created: Resource[] = [];
  for (const resource of state.deployment.resources) created.push(await restored(kubectl, resource));
  return { ...state, deployment: { ...state.deployment, resources: created } };
}

/** UID of every object that the stack created, by kind, namespace and name. */
export async function uids(kubectl: Kubectl, state: State): Promise<Record<string, string>> {
  const owned = state.deployment.resources.filter((each) => isObject(each) && !each.external);
  const known = await Promise.all(
    owned.map(async (resource) => {
      const { kind, metadata } = await live(kubectl, identityOf(resource));
      return [`${kind} ${resource.id}`, metadata.uid ?? ""] as const;
    }),
  );
  return Object.fromEntries(known);
}

async function restored(kubectl: Kubectl, resource: Resource): Promise<Resource> {
  if (!isObject(resource)) return resource;
  const bookkeeping = resource.outputs as Bookkeeping;
  const identity = identityOf(resource);
  if (!resource.external) {
    const manifest = JSON.stringify(withoutSecretMarks({ ...resource.inputs, ...identity }));
    const flags = ["--server-side", "--force-conflicts", "--field-manager", bookkeeping.__fieldManager];
    await kubectl(["apply", ...flags, "--filename", "-"], manifest);
  }
  const object = await live(kubectl, identity);
  const secrets = object.kind === "Secret" ? { data: resource.inputs?.data } : {};
  return { ...resource, outputs: { ...object, ...secrets, __inputs: resource.inputs ?? {}, ...bookkeeping } };
}

async function live(kubectl: Kubectl, identity: KubernetesObject): Promise<KubernetesObject> {
  const get = ["get", "--filename", "-", "--output", "json", "--show-managed-fields"];
  const answer = JSON.parse(await kubectl(get, JSON.stringify(identity)));
  return answer.kind === "List" ? answer.items[0] : answer;
}

function isObject({ type }: Resource): boolean {
  return type.startsWith("kubernetes:");
}

/** By type and id, as in `kubernetes:apps/v1:Deployment` and `upgrade/registry`. */
function identityOf({ type, id = "", inputs = {} }: Resource): KubernetesObject {
  const [, group = "", kind = ""] = type.split(":");
  const [namespace, name] = id.includes("/") ? id.split("/") : [undefined, id];
  const asked = inputs.metadata as object | undefined;
  return {
    apiVersion: group.replace(/^core\//, ""),
    kind,
    metadata: { ...asked, name: name ?? "", ...(namespace && { namespace }) },
  };
}

function withoutSecretMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretMarks);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value) return value.plaintext;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecretMarks(item)]));
}
