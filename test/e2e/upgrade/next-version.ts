import { join } from "node:path";
import { lastRelease } from "../../../lab/releases/last-release.ts";
import type { SourceChange } from "../../../lab/releases/release-clone.ts";

/** The release that the tests upgrade to the next version. Undefined where the clone's history has none. */
export const release = await lastRelease(join(import.meta.dirname, "../../.."));

/** The release's name for the names of tests, or why they are skipped. */
export const releaseName = release
  ? `v${release.version}`
  : 'the last release (skipped: no commit "Release X.Y.Z" is in this clone; git fetch --unshallow)';

/**
 * The next version is this checkout with this change, so that an upgrade always concerns what runs: the proxy
 * waits one second longer for distribution. So its Caddyfile is another one, and Caddy loads it. It stands for any change
 * of what the proxy does.
 */
export const nextVersion: readonly SourceChange[] = [
  { file: "render/proxy/upstream.ts", pattern: /longestWaitSeconds = \d+;/, replacement: "longestWaitSeconds = 16;" },
];
