import type { Check } from "../../check.ts";
import { type AppliedObject, objectName } from "../../cluster/applied-objects.ts";
import { type ChangedField, changedFields } from "../../cluster/changed-fields.ts";
import type { ComparedObject, LiveObject } from "../../cluster/live-objects.ts";
import { lineDifference } from "../../line-difference.ts";
import type { CheckedObjects } from "./checked-objects.ts";

/** Whether each object that the last `up` wrote to the cluster is as it wrote it. */
export const objects: readonly Check<CheckedObjects>[] = [
  {
    id: "object-missing",
    title: "each object of the stack is in the cluster",
    run: ({ objects, where, mends }) =>
      objects
        .filter(({ live }) => live === undefined || live.metadata.deletionTimestamp !== undefined)
        .map(({ applied, live }) => ({
          problem: `${objectName(applied)} ${live === undefined ? "is not there" : "is being deleted"}`,
          ...{ where, affects: affected(applied), fixable: false },
          ...{ cause: "somebody deleted it, or its namespace", mend: mends.refresh },
        })),
  },
  {
    id: "object-changed",
    title: "each object of the stack is as up wrote it",
    run: ({ objects, where, mends }) =>
      objects.flatMap(({ applied, live }) => {
        if (live === undefined || live.metadata.deletionTimestamp !== undefined) return [];
        const changed = changes({ applied, live });
        if (changed.length === 0) return [];
        const inShort = changed.length === 1 ? changed.map(shortText)[0] : undefined;
        return [
          {
            problem: `${objectName(applied)} ${inShort ?? "was changed since the last up"}`,
            ...{ where, affects: affected(applied), fixable: false, mend: mends.refresh },
            cause: "somebody changed it by hand, or another program did",
            ...(inShort === undefined && { lines: changed.flatMap(linesOf) }),
          },
        ];
      }),
  },
];

type Change = ChangedField & {
  /** Whether the value is a password or the like, which is not shown. */
  isSecret: boolean;
};

function changes({ applied, live }: Required<ComparedObject>): Change[] {
  const isSecret = applied.kind === "Secret";
  const fields = [
    ...changedFields(dataOf(applied), live.data ?? {}, "data"),
    ...(comparedSpecs.has(applied.kind) ? changedFields(applied.spec, live.spec, "spec") : []),
    ...changedFields(suspended(applied), suspended(live), "spec"),
  ];
  return fields.map((field) => ({ ...field, isSecret }));
}

/** Kinds whose `spec` nobody changes but who writes them. */
const comparedSpecs = new Set(["Deployment", "DaemonSet", "CronJob", "Service", "Ingress", "NetworkPolicy"]);

function dataOf({ data, stringData = {} }: AppliedObject): Record<string, string> {
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { ...data, ...Object.fromEntries(encoded) };
}

/** A CronJob that does not say so is not suspended. */
function suspended({ kind, spec }: Pick<AppliedObject | LiveObject, "kind" | "spec">) {
  return kind === "CronJob" && spec?.suspend === undefined ? { suspend: false } : { suspend: spec?.suspend };
}

/** What one change means, for those that happen most. */
function shortText({ path, wanted, now }: Change): string | undefined {
  if (path === "spec.replicas") return `was scaled to ${now}, and the last up had it at ${wanted}`;
  return path === "spec.suspend" ? "is suspended, so that it starts nothing" : undefined;
}

function linesOf({ path, wanted, now, isSecret }: Change): string[] {
  if (isSecret) return [`${path} ${now === undefined ? "is missing" : "differs"}; its text is not shown`];
  const texts = [wanted, now].map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const [before = "", after = "nothing"] = texts;
  if (before.includes("\n")) return [`${path}:`, ...lineDifference(before, after)];
  return [`- ${path}: ${before}`, `+ ${path}: ${after}`];
}

function affected({ kind, metadata: { name } }: AppliedObject): string {
  switch (kind) {
    case "NetworkPolicy":
      return "whoever relies on it: every pod and network that can route to the registry's pods may connect to them";
    case "CronJob":
      return "the operator, who relies on what it starts";
    case "DaemonSet":
      return "nodes that join the cluster, and those whose files somebody changes: they do not trust the registry";
  }
  if (name === "local-registry-hosting") return "development tools, which read the registry's address there";
  const isRead = kind === "Secret" || kind === "ConfigMap";
  return `everybody who pushes or pulls${isRead ? ", now or once a pod reads it" : ""}`;
}
