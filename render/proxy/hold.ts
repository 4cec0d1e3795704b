import { block, type Line } from "../caddy/block.ts";
import { proxyFiles } from "./proxy-config.ts";
import { connectAgain } from "./upstream.ts";

/**
 * The snippet that lets requests wait while the proxy reloads. reload.sh makes files whose names are the current and the
 * next seconds, and a second Caddy on the socket, which answers when the reload is over. See docs/decisions/0045.
 */
export const hold: readonly Line[] = [
  block("(hold)", [
    block("@reloading", [
      "not path /healthz",
      block("file", [`root ${proxyFiles.holds}`, "try_files /{time.now.unix}"]),
    ]),
    block("route @reloading", [
      "# The second address answers at once. It is asked where the first Caddy finds no second one.",
      block(`reverse_proxy unix/${proxyFiles.holds}/hold.sock unix/${proxyFiles.passwordsSocket}`, [
        "method GET",
        "rewrite /",
        "# The second Caddy needs none of a client's headers, and has little memory.",
        "header_up -*",
        "header_up Host hold",
        "lb_policy first",
        "fail_duration 1s",
        ...connectAgain,
        block("transport http", ["compression off", "keepalive off"]),
        block("handle_response", ["vars held yes"]),
      ]),
    ]),
  ]),
];
