import { type Block, block, type Line, paragraphs, when } from "../caddy/block.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { requestUpstream } from "./upstream.ts";

/** The token for clients without credentials. It allows only what is allowed without any token. */
const anonymousToken = "anonymous";

/** The snippets for requests that name no repository: `/healthz`, `/token`, `/v2/` and the catalogue. */
export function endpoints(proxy: ProxyConfig): readonly Line[] {
  return paragraphs([healthz(proxy)], [token(proxy)], [ping(proxy)], [catalogue(proxy)]);
}

// Who asks for the health wants the answer of this moment, so it does not wait until distribution can be reached.
function healthz({ upstream }: ProxyConfig): Block {
  return block("(healthz)", [block("route /healthz", ["rewrite /", ...requestUpstream(upstream, { transport: [] })])]);
}

function token({ requiresAuthForPull }: ProxyConfig): Block {
  return block("(token)", [
    block("route /token", [
      "header Cache-Control no-store",
      "@other not method GET",
      "header @other Allow GET",
      "error @other 405",
      // skopeo sends an empty name and password when it has none.
      ...when(
        !requiresAuthForPull,
        '@anonymous vars {http.request.header.Authorization} "" "Basic Og=="',
        `respond @anonymous \`${tokenAnswer(anonymousToken)}\``,
      ),
      "import who",
      "import tokens",
      `respond \`${tokenAnswer("{token}")}\``,
    ]),
  ]);
}

function tokenAnswer(token: string): string {
  return `{"token":"${token}","access_token":"${token}","expires_in":3600}`;
}

function ping({ requiresAuthForPull }: ProxyConfig): Block {
  return block("(ping)", [
    "@ping vars {http.request.orig_uri} /v2/ /v2",
    block("route @ping", [
      ...when(
        !requiresAuthForPull,
        `@anonymous vars {http.request.header.Authorization} "Bearer ${anonymousToken}"`,
        block("route @anonymous", ["import upstream"]),
      ),
      "import who",
      "import upstream",
    ]),
  ]);
}

function catalogue({ catalogue, requiresAuthForPull }: ProxyConfig): Block {
  const needsAccount = catalogue === "accounts" || requiresAuthForPull;
  return block("(catalogue)", [
    "@catalogue vars_regexp {http.request.orig_uri} ^/v2/_catalog(?:\\?.*)?$",
    block("route @catalogue", [
      "@unsupported not method GET",
      "header @unsupported Allow GET",
      "error @unsupported 405",
      ...(catalogue === "closed"
        ? ["error 403"]
        : [...when(needsAccount, "import who"), "import compressed", "import upstream"]),
    ]),
  ]);
}
