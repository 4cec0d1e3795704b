import { block, type Line } from "../caddy/block.ts";

/** How long a request may wait for a connection to a server behind the proxy, in seconds. */
const longestWaitSeconds = 15;

/**
 * Options of Caddy's reverse_proxy: it tries again to connect, instead of answering 502 at once. So requests wait while
 * distribution restarts, and while the proxy has as many open files as it may have. See docs/decisions/0033.
 */
export const connectAgain: readonly Line[] = [`lb_try_duration ${longestWaitSeconds}s`, "lb_try_interval 50ms"];

/** Sends a request to distribution, with these options of Caddy's reverse_proxy and of its transport. */
export function requestUpstream(
  upstream: string,
  { options = [], transport }: { options?: readonly Line[]; transport: readonly Line[] },
): readonly Line[] {
  return [
    "request_header -Authorization",
    block(`reverse_proxy ${upstream}`, [
      ...options,
      block("transport http", ["compression off", ...transport]),
      "# distribution has no JSON for a path it does not know.",
      block("@unknown", ["status 404", "header Content-Type text/plain*"]),
      block("handle_response @unknown", ["error 404"]),
      "# Its own words may name the storage's path or address.",
      "@failed status 5xx",
      block("handle_response @failed", ['error "the registry failed" {rp.status_code}']),
    ]),
  ];
}
