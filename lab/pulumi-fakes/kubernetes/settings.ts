import { isUnknown, type PropertyMap, revealAll, text } from "../plugin/property.ts";
import { type Failure, notSupported, type ProviderSettings } from "../plugin/provider.ts";
import { type Cluster, clusterFrom } from "./api/cluster.ts";
import { accessFrom } from "./api/kubeconfig.ts";

/** Boolean settings of the provider, each with its environment variable. */
const flags = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
} as const;

export type Flag = keyof typeof flags;

const texts = ["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"];
/** Accepted settings without effect in this fake. */
const ignored = ["version", "kubeClientSettings", "suppressDeprecationWarnings", "suppressHelmHookWarnings"];

let variables: Record<string, string> = {};
let cluster: Promise<Cluster> | undefined;

export function isSet(flag: Flag): boolean {
  return (variables[flag] ?? process.env[flags[flag]]) === "true";
}

/** The cluster if its API answers, else the reason why not. */
export async function reachCluster(): Promise<{ cluster: Cluster } | { unreachable: string }> {
  const { kubeconfig, context, cluster: name, namespace } = variables;
  cluster ??= clusterFrom({ kubeconfig, context, cluster: name }, namespace);
  try {
    const found = await cluster;
    await found.answers();
    return { cluster: found };
  } catch (error) {
    const said = error instanceof Error ? error.message || String(error) : String(error);
    return { unreachable: `unable to load schema information from the API server: ${said}` };
  }
}

/** @see pulumi-kubernetes: CheckConfig, DiffConfig and Configure in provider/pkg/provider/provider.go */
export const settings: ProviderSettings = {
  check(inputs): Failure[] {
    const known = [...Object.keys(flags), ...texts, ...ignored, "enableServerSideApply"];
    return Object.entries(inputs).flatMap(([property, value]) => {
      if (property === "enableServerSideApply" && text(value) === "false")
        return [{ property, reason: notSupported("kubernetes", "client-side apply").message }];
      const empty = value === null || value === "null" || value === "" || value === "false";
      return known.includes(property) || property.startsWith("__") || empty
        ? []
        : [{ property, reason: notSupported("kubernetes", `the provider's ${property}`).message }];
    });
  },

  async diff(oldInputs, newInputs) {
    const [olds, news] = [revealAll(oldInputs), revealAll(newInputs)];
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changes = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    return { changes, replaces: await replacing(olds, news, changes) };
  },

  configure(given) {
    const known = Object.entries(given).map(([key, value]) => [key.replace(/^kubernetes:config:/, ""), value] as const);
    variables = Object.fromEntries(known.filter(([, value]) => value !== ""));
    cluster = undefined;
  },
};

/** Settings whose change replaces the provider: the cluster identifier if both have one, else a kubeconfig with another server. */
async function replacing(olds: PropertyMap, news: PropertyMap, changes: string[]): Promise<string[]> {
  const [before, now] = [text(olds.clusterIdentifier), text(news.clusterIdentifier)];
  if (before && now) return before === now ? [] : ["clusterIdentifier"];
  const pointing = ["kubeconfig", "context", "cluster"];
  const unknown = pointing.filter((key) => isUnknown(news[key]));
  if (unknown.length > 0) return unknown;
  const [from, to] = await Promise.all([serverOf(olds), serverOf(news)]);
  const moved = from !== undefined && to !== undefined && from !== to;
  return moved ? changes.filter((key) => pointing.includes(key)) : [];
}

/** The identity of the cluster in a kubeconfig: its server and CA. */
async function serverOf(inputs: PropertyMap): Promise<string | undefined> {
  const [kubeconfig, context, cluster] = [text(inputs.kubeconfig), text(inputs.context), text(inputs.cluster)];
  if (!kubeconfig) return undefined;
  const access = await accessFrom({ kubeconfig, context, cluster }).catch(() => undefined);
  return access && JSON.stringify([access.server, access.ca, access.skipVerify, access.serverName]);
}
