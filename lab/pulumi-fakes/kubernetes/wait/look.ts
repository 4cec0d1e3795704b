import type { Cluster } from "../api/cluster.ts";
import type { KubeObject } from "../object.ts";

/** Result of one check of an object. */
export type Look = {
  ready: boolean;
  /** Why it can never become ready. */
  failed?: string;
  /** What it waits for. */
  status?: string;
  /** Problems, the worst first. */
  problems: string[];
};

export type Circumstances = {
  cluster: Pick<Cluster, "get" | "list">;
  /** The object as it was before an update. */
  before?: KubeObject;
  waitedMs: number;
};
