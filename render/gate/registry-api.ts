import type { Gate } from "./gate.ts";

/** The token of whoever gave no credentials. It opens nothing that is not open anyway. */
export const anonymousToken = "anonymous";

/** A repository name as the OCI distribution specification has it. */
export const repositoryPattern = "[a-z0-9]+(?:(?:[/._]|__|-+)[a-z0-9]+)*";

const referencePattern = "sha256:(?P<hash>(?P<fan>[0-9a-f]{2})[0-9a-f]{62})|\\w[\\w.+:=-]*";
const endpointPattern = `^/v2/(?P<repository>${repositoryPattern})/(?P<endpoint>manifests|blobs/uploads|blobs|tags|referrers)/(?P<reference>${referencePattern})?(?:\\?.*)?$`;

/** The registry's API, `/token` and `/healthz`: everything the gate answers, with the rights each request needs. */
export function registryApi(gate: Gate): string {
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
${gate.requiresAuthForPull ? "" : anonymousTokenRoute}		import who
		import tokens
		respond \`{"token":"{token}","access_token":"{token}","expires_in":3600}\`
	}
}

(registry) {
	# Matched as the client sent it: no escapes, no empty or dotted segments reach what follows.
	@endpoint vars_regexp v2 {http.request.orig_uri} \`${endpointPattern}\`
	route @endpoint {
${rightNeeded}
		@unsupported vars {right} ""
		header @unsupported Allow {methods}
		error @unsupported 405

${gate.requiresAuthForPull ? "" : openPull}		import who
		import granted {right} {re.v2.repository} {granted}
		@outside not vars {granted} yes
		error @outside 403

		@start method POST
		route @start {
${mount(gate)}		}
		import ${gate.requiresAuthForPull ? "serve" : "upstream"}
	}

	@ping vars {http.request.orig_uri} /v2/ /v2
	route @ping {
${gate.requiresAuthForPull ? "" : anonymousPing}		import who
		import upstream
	}

	@catalogue vars_regexp {http.request.orig_uri} ^/v2/_catalog(?:\\?.*)?$
	route @catalogue {
		@unsupported not method GET
		header @unsupported Allow GET
		error @unsupported 405
${catalogue(gate)}	}
}

(gate) {
	route {
		import healthz
		import token
		import registry
		error 404
	}
	import answers
}`;
}

const anonymousTokenRoute = `		@anonymous vars {http.request.header.Authorization} "" "Basic Og=="
		respond @anonymous \`{"token":"${anonymousToken}","access_token":"${anonymousToken}","expires_in":3600}\`
`;

const anonymousPing = `		@anonymous vars {http.request.header.Authorization} "Bearer ${anonymousToken}"
		route @anonymous {
			import upstream
		}
`;

const rightNeeded = `		map "{method} {re.v2.endpoint}" {right} {
			"GET manifests" pull
			"HEAD manifests" pull
			"GET blobs" pull
			"HEAD blobs" pull
			"GET tags" pull
			"GET referrers" pull
			"PUT manifests" push
			"POST blobs/uploads" push
			"PATCH blobs/uploads" push
			"PUT blobs/uploads" push
			"GET blobs/uploads" push
			"HEAD blobs/uploads" push
			"DELETE blobs/uploads" push
			"DELETE manifests" delete
			"DELETE blobs" delete
			default ""
		}
		map {re.v2.endpoint} {methods} {
			manifests "GET, HEAD, PUT, DELETE"
			blobs "GET, HEAD, DELETE"
			blobs/uploads "POST, PATCH, PUT, GET, HEAD, DELETE"
			default GET
		}`;

const openPull = `		@pull vars {right} pull
		route @pull {
			import serve
		}

`;

// The registry prefers a form in the body to the query, and the first of two values: it gets neither.
function mount({ requiresAuthForPull }: Gate): string {
  return `			request_header -Content-Type
			@mount vars_regexp from {http.request.uri.query.from} ^${repositoryPattern}$
			route @mount {
${requiresAuthForPull ? mountOfReadable : mountOfAny}			}
			rewrite ?
			import upstream
`;
}

const mountOfAny = `				rewrite ?mount={http.request.uri.query.mount}&from={re.from.0}
				import upstream
`;

const mountOfReadable = `				import granted pull {re.from.0} {readable}
				@readable vars {readable} yes
				route @readable {
					rewrite ?mount={http.request.uri.query.mount}&from={re.from.0}
					import upstream
				}
`;

function catalogue({ catalogue, requiresAuthForPull }: Gate): string {
  if (catalogue === "closed") return "\t\terror 403\n";
  const who = catalogue === "accounts" || requiresAuthForPull ? "\t\timport who\n" : "";
  return `${who}		import serve
`;
}
