import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { NodeDaemonSet } from "../settings/node-daemon-set.ts";
import { type TrustedRegistry, trustFiles } from "./node-daemon-set-trust.ts";

export type NodeDaemonSetPlan = { daemonSet: NodeDaemonSet; registry: TrustedRegistry };

/** What everything in the namespace that belongs to one registry is called, as in `trust-registry.example.org-5000`. */
export function daemonSetName(host: string): string {
  return `trust-${host.replace(":", "-")}`;
}

/** The pod's program and the files it keeps in place, by their keys. */
export function configData({ daemonSet, registry }: NodeDaemonSetPlan): Record<string, string> {
  const files = trustFiles(daemonSet.runtime, registry);
  return {
    ...program(),
    ...Object.fromEntries(files.map(({ key, text }) => [key, text])),
    files: files.map(({ key, path }) => `${key} ${path}\n`).join(""),
  };
}

/** A name that is another with every change, so that the change reaches every pod, and the old ones keep theirs. */
export function configName(host: string, data: Record<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex");
  return `${daemonSetName(host)}-${hash.slice(0, 10)}`;
}

function program(): Record<string, string> {
  const folder = new URL("node-daemon-set/", import.meta.url);
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}
