import { block, type Line } from "../caddy/block.ts";
import { snippets } from "./caddy-names.ts";

/** How long clients should wait before they try again, in seconds. */
const retryAfterSeconds = 60;

/** The answer to a push or deletion while the registry moves to another host. Clients print code and message. */
export const readOnlyAnswer: readonly Line[] = [
  `import ${snippets.shortDeadline}`,
  block("header", [
    "Content-Type application/json",
    "Docker-Distribution-Api-Version registry/2.0",
    `Retry-After ${retryAfterSeconds}`,
  ]),
  'respond `{"errors":[{"code":"UNAVAILABLE","message":"the registry moves to another host: this one is read-only; push again later"}]}` 503',
];
