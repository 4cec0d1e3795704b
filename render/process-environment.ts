/**
 * distribution 3.1.1 writes every span of a trace as JSON for its debug log, also where it exports none: a fifth of its
 * time. A queue of one drops them, without attributes they cost little to make.
 */
export const noTracing = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_BSP_MAX_QUEUE_SIZE: "1",
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "0",
};

/** Has a Go program collect seldom, but never grow into its limit, given in MiB. */
export function garbageCollection(memoryMib: number) {
  return { GOGC: "400", GOMEMLIMIT: `${Math.floor(memoryMib * 0.8)}MiB` };
}
