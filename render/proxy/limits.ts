import { block, type Line, paragraphs } from "../caddy/block.ts";
import { snippets } from "./caddy-names.ts";

/**
 * The limit for a request's line and headers. Go adds 4 KiB of its own. Registry clients send less than 2 KiB; a
 * browser with cookies of other servers of the same name sends more.
 */
const maxHeaderSize = "4KiB";

/** How long a client may take for its TLS handshake and the headers of one request, in seconds. */
const headerSeconds = 15;

/** How long a connection may stay open between two requests, in seconds. */
const idleSeconds = 30;

/** How long a client that is not known to have the push right may take for a request body, in seconds. */
const shortDeadlineSeconds = 15;

/** How long one upload or download may take, in hours: a gigabyte at 12 kB/s. */
const transferHours = 24;

/**
 * Caddy's options for every listener. HTTP/2 is off, since one HTTP/2 connection may use more than a mebibyte of
 * memory.
 */
export const listenerLimits: readonly Line[] = [
  "protocols h1",
  `max_header_size ${maxHeaderSize}`,
  block("timeouts", [`read_header ${headerSeconds}s`, `idle ${idleSeconds}s`]),
];

/**
 * Limits the size and duration of request bodies, before a request is checked or answered. Without a deadline, Go's
 * HTTP server waits for the rest of a body before it answers, however long a client takes to send it.
 */
export const bodyLimits: readonly Line[] = paragraphs(
  [
    block("(bodies)", [
      `import ${snippets.shortDeadline}`,
      "@bodiless method GET HEAD",
      block("route @bodiless", [
        block("request_body", ["max_size 1"]),
        "# This placeholder reads the body: no header tells of one that comes in chunks.",
        '@body not vars {http.request.body} ""',
        "error @body 413",
        `import ${snippets.transferDeadline}`,
      ]),
    ]),
  ],
  [
    "# For clients that may not push, or not yet: an answer waits until the rest of a body is read.",
    block(`(${snippets.shortDeadline})`, [block("request_body", [`read_timeout ${shortDeadlineSeconds}s`])]),
  ],
  [
    "# For clients that may push, and for answers: the deadline for reading would end a long answer, too.",
    block(`(${snippets.transferDeadline})`, [
      block("request_body", [`read_timeout ${transferHours}h`, `write_timeout ${transferHours}h`]),
    ]),
  ],
);
