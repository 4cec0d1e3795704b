import { readFileSync } from "node:fs";
import { proxyFiles } from "./proxy-config.ts";

/**
 * The POSIX shell program that reloads Caddy while requests wait, instead of failing. It runs in Caddy's container, with the
 * arguments of `caddy reload`. See docs/decisions/0045.
 */
export const reloadProgram = `#!/bin/sh
hold=${proxyFiles.holds}
${readFileSync(new URL("reload.sh", import.meta.url), "utf8")}`;

/** How long it takes at most on a machine that is not busy, in seconds. */
export const reloadSeconds = 6;
