import type { SourceChange } from "../../../lab/releases/release-clone.ts";

/**
 * The tests' next version differs from this checkout by this, so that an upgrade always reaches a registry that runs: the proxy
 * waits one second longer for distribution. So its Caddyfile is another one, and Caddy loads it. It stands for any change
 * of what the proxy does.
 */
export const nextVersion: readonly SourceChange[] = [
  { file: "render/proxy/upstream.ts", pattern: /longestWaitSeconds = \d+;/, replacement: "longestWaitSeconds = 16;" },
];
