import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { NodeDaemonSet } from "../settings/node-daemon-set.ts";
import { trustFiles } from "./node-daemon-set-trust.ts";
import type { TrustedRegistry } from "./trusted-registry.ts";

export type NodeDaemonSetPlan = { daemonSet: NodeDaemonSet; registry: TrustedRegistry };

/** The name of one registry's objects in the namespace, as in `trust-registry.example.org-5000`. */
export function daemonSetName(host: string): string {
  return `trust-${host.replace(":", "-")}`;
}

/** The ConfigMap's data: the pod's program and the files that it writes to nodes, by their keys. */
export function configData({ daemonSet, registry }: NodeDaemonSetPlan): Record<string, string> {
  const files = trustFiles(daemonSet.runtime, registry);
  return {
    ...program(),
    ...Object.fromEntries(files.map(({ key, text }) => [key, text])),
    files: files.map(({ key, path }) => `${key} ${path}\n`).join(""),
  };
}

/**
 * The ConfigMap's name, with a checksum of its data. Changed data has another name, so the pods are replaced, and the
 * old pods still read the old ConfigMap until then.
 */
export function configName(host: string, data: Record<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex");
  return `${daemonSetName(host)}-${hash.slice(0, 10)}`;
}

function program(): Record<string, string> {
  const folder = new URL("node-daemon-set/", import.meta.url);
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}
