/**
 * distribution 3.1.1 writes every trace span as JSON for its debug log, even if it exports none, which takes a fifth of
 * its CPU time. A queue of one drops the spans, and without attributes they are cheap to create.
 */
export const noTracing = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_BSP_MAX_QUEUE_SIZE: "1",
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "0",
};

/**
 * Turns HTTP/2 off in a Go program. Traefik has no setting for its port without TLS, where clients may start with
 * HTTP/2, and one such connection may take more than a mebibyte.
 */
export const withoutHttp2 = { GODEBUG: "http2server=0" };

/**
 * How many files and connections a proxy may have open at the same time, by its memory limit in MiB. Further clients
 * wait, but the proxy does not run out of memory. The most expensive connection of a client
 * without an account takes some 0.35 MiB. See docs/decisions/0014.
 */
export function openFiles(memoryMib: number): number {
  return Math.floor(memoryMib * 2);
}

/**
 * Environment variables that make a Go program's garbage collection rare, but frequent near its memory limit (in MiB).
 */
export function garbageCollection(memoryMib: number) {
  return { GOGC: "400", GOMEMLIMIT: `${Math.floor(memoryMib * 0.8)}MiB` };
}
