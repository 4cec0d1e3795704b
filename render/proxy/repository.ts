import type { ProxyConfig } from "./proxy-config.ts";

/** A repository name as the OCI distribution specification has it. */
const repositoryPattern = "[a-z0-9]+(?:(?:[/._]|__|-+)[a-z0-9]+)*";

// What follows the name has no slash in it, so a path can be read in one way only, here and in the registry.
const requestPattern = `^/v2/(?P<repository>${repositoryPattern})/(?P<endpoint>manifests|blobs/uploads|blobs|tags|referrers)/(?P<reference>\\w[\\w.+:=-]*)?(?:\\?.*)?$`;

/** Everything below a repository: which right a request needs, and who has it. */
export function repositoryRequests(proxy: ProxyConfig): string {
  return `(repository) {
	# Matched as the client sent it: no escapes, no empty or dotted segments get any further.
	@repository vars_regexp v2 {http.request.orig_uri} \`${requestPattern}\`
	route @repository {
${proxy.requiresAuthForPull ? closedReads(proxy) : openReads(proxy)}	}
}`;
}

function openReads(proxy: ProxyConfig): string {
  return `${indented(reads, 2)}
		route {
${indented(authorised, 3)}
${indented(mount(proxy), 3)}
			import upstream
		}
`;
}

function closedReads(proxy: ProxyConfig): string {
  return `${indented(authorised, 2)}
${indented(reads, 2)}
${indented(mount(proxy), 2)}
		import upstream
`;
}

const reads = `@read {
	method GET HEAD
	vars {re.v2.endpoint} manifests blobs tags referrers
}
route @read {
	import serve
}
`;

const authorised = `map "{method} {re.v2.endpoint}" {right} {
	"GET manifests" pull
	"HEAD manifests" pull
	"PUT manifests" push
	"DELETE manifests" delete
	"GET blobs" pull
	"HEAD blobs" pull
	"DELETE blobs" delete
	"GET tags" pull
	"GET referrers" pull
	"POST blobs/uploads" push
	"GET blobs/uploads" push
	"HEAD blobs/uploads" push
	"PATCH blobs/uploads" push
	"PUT blobs/uploads" push
	"DELETE blobs/uploads" push
	default ""
}
@unsupported vars {right} ""
route @unsupported {
	map {re.v2.endpoint} {methods} {
		manifests "GET, HEAD, PUT, DELETE"
		blobs "GET, HEAD, DELETE"
		blobs/uploads "GET, HEAD, POST, PATCH, PUT, DELETE"
		default GET
	}
	header Allow {methods}
	error 405
}

import who
import granted {right} {re.v2.repository} {granted}
@outside not vars {granted} yes
error @outside 403
import transfer-time
`;

// The registry prefers a form in the body to the query, and the first of two values: it gets neither.
function mount({ requiresAuthForPull }: ProxyConfig): string {
  return `@start method POST
route @start {
	request_header -Content-Type
	@mount vars_regexp from {http.request.uri.query.from} ^${repositoryPattern}$
	route @mount {
${requiresAuthForPull ? mountOfReadable : mountOfAny}	}
	rewrite ?
	import upstream
}`;
}

const mountOfAny = `		rewrite ?mount={http.request.uri.query.mount}&from={re.from.0}
		import upstream
`;

const mountOfReadable = `		import granted pull {re.from.0} {readable}
		@readable vars {readable} yes
		route @readable {
			rewrite ?mount={http.request.uri.query.mount}&from={re.from.0}
			import upstream
		}
`;

function indented(text: string, depth: number): string {
  return text.replace(/^(?=.)/gm, "\t".repeat(depth));
}
