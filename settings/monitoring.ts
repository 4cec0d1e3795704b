import { z } from "zod";
import { AccountName } from "./accounts.ts";

/** Who reads metrics, below `/metrics/` of the registry. */
export const Monitoring = z
  .strictObject({
    account: AccountName.describe("The account of `accounts` that Prometheus logs in with; no other may read metrics"),
    serviceMonitor: z
      .strictObject({
        labels: z
          .record(z.string(), z.string())
          .default({})
          .describe("Labels by which the cluster's Prometheus selects it, as in `release: kube-prometheus-stack`"),
      })
      .optional()
      .describe("A ServiceMonitor for the Prometheus operator; variant cluster only"),
  })
  .describe("Metrics for Prometheus at https://HOST/metrics/: of the registry, of its proxy, and of what ends one day");

export type Monitoring = z.output<typeof Monitoring>;
