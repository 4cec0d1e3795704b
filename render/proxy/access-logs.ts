import { type Block, block, type Line } from "../caddy/block.ts";
import { type ProxyConfig, proxyFiles } from "./proxy-config.ts";

/** How many characters of a text that the client chose are logged at most. */
const longestText = 256;

/**
 * Two access logs. Every request of an account is logged; on a machine to a file of its own. Requests without an
 * account are sampled, since anybody can send any number of them.
 */
export function accessLogs({ listens }: ProxyConfig): Block {
  const output = listens.kind === "service" ? () => "output stdout" : rolledFile;
  return block("(access-log)", [
    block("map {http.request.header.User-Agent} {user_agent}", [`~^(.{0,${longestText}}) "\${1}"`]),
    "log_append user_agent {user_agent}",
    block("log", [
      output(proxyFiles.anonymousLog),
      format,
      "# A second's first hundred, then each hundredth.",
      block("sampling", ["interval 1s", "first 100", "thereafter 100"]),
    ]),
    block("log accounts", ["no_hostname", output(proxyFiles.accessLog), format]),
  ]);
}

function rolledFile(path: string): Line {
  return block(`output file ${path}`, ["roll_size 50MiB", "roll_keep 5", "roll_compression none", "mode 0640"]);
}

// Clients choose the names and values of headers, and response headers may repeat them: none is logged.
const format = block("format filter", [
  "wrap json",
  "request>headers delete",
  "resp_headers delete",
  ...["method", "host", "uri", "tls>server_name"].map(
    (field) => `request>${field} regexp ^(.{${longestText}}).+ \${1}`,
  ),
]);
