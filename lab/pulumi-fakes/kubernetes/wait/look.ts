import type { Cluster } from "../api/cluster.ts";
import type { KubeObject } from "../object.ts";

/** What one look at an object says. */
export type Look = {
  ready: boolean;
  /** Why it never will be. */
  failed?: string;
  /** What it waits for, while nothing is wrong. */
  status?: string;
  /** What is wrong, worst first. */
  problems: string[];
};

export type Circumstances = {
  cluster: Pick<Cluster, "get" | "list">;
  /** The object as it was before an update. */
  before?: KubeObject;
  waitedMs: number;
};
