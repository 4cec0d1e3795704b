/**
 * distribution 3.1.1 writes every span of a trace as JSON for its debug log, also where it exports none: a fifth of its
 * time. A queue of one drops them, without attributes they cost little to make.
 */
export const noTracing = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_BSP_MAX_QUEUE_SIZE: "1",
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "0",
};

/**
 * Has a Go program decline HTTP/2. Traefik has no setting for its port without TLS, where clients may begin with it; one
 * connection may hold more than a mebibyte.
 */
export const withoutHttp2 = { GODEBUG: "http2server=0" };

/**
 * How many files and connections a proxy may have open at a time, by its limit in MiB. Whoever comes
 * then waits for the kernel, or is answered 502, as the proxy cannot reach the registry: better than its end for all. The most
 * expensive connection that a stranger may hold takes some 0.35 MiB. See docs/decisions/0014.
 */
export function openFiles(memoryMib: number): number {
  return Math.floor(memoryMib * 2);
}

/** Has a Go program collect seldom, but never grow into its limit, given in MiB. */
export function garbageCollection(memoryMib: number) {
  return { GOGC: "400", GOMEMLIMIT: `${Math.floor(memoryMib * 0.8)}MiB` };
}
