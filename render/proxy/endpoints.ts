import type { ProxyConfig } from "./proxy-config.ts";

/** The token of whoever gave no credentials. It opens nothing that is not open anyway. */
const anonymousToken = "anonymous";

/** What the proxy answers beside the repositories: health, tokens, the ping, the catalogue. */
export function endpoints(proxy: ProxyConfig): string {
  return `(healthz) {
	route /healthz {
		rewrite /
		import upstream
	}
}

(token) {
	route /token {
		header Cache-Control no-store
		@other not method GET
		header @other Allow GET
		error @other 405
${proxy.requiresAuthForPull ? "" : anonymousTokenRoute}		import who
		import tokens
		respond \`${tokenAnswer("{token}")}\`
	}
}

(ping) {
	@ping vars {http.request.orig_uri} /v2/ /v2
	route @ping {
${proxy.requiresAuthForPull ? "" : anonymousPing}		import who
		import upstream
	}
}

(catalogue) {
	@catalogue vars_regexp {http.request.orig_uri} ^/v2/_catalog(?:\\?.*)?$
	route @catalogue {
		@unsupported not method GET
		header @unsupported Allow GET
		error @unsupported 405
${catalogue(proxy)}	}
}`;
}

function tokenAnswer(token: string): string {
  return `{"token":"${token}","access_token":"${token}","expires_in":3600}`;
}

// skopeo sends an empty name and password where it has none.
const anonymousTokenRoute = `		@anonymous vars {http.request.header.Authorization} "" "Basic Og=="
		respond @anonymous \`${tokenAnswer(anonymousToken)}\`
`;

const anonymousPing = `		@anonymous vars {http.request.header.Authorization} "Bearer ${anonymousToken}"
		route @anonymous {
			import upstream
		}
`;

function catalogue({ catalogue, requiresAuthForPull }: ProxyConfig): string {
  if (catalogue === "closed") return "\t\terror 403\n";
  const who = catalogue === "accounts" || requiresAuthForPull ? "\t\timport who\n" : "";
  return `${who}		import compressed
		import upstream
`;
}
