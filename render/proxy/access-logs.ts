import { type ProxyConfig, proxyFiles } from "./proxy-config.ts";

/** How many characters of a text that the client chose go into a log. */
const longestText = 256;

/**
 * The logs of requests. Those of accounts are all written, to a file of their own on a machine. Anybody can send the others,
 * as many as he likes: they are written as long as they are few.
 */
export function accessLogs({ listens }: ProxyConfig): string {
  const output = listens.kind === "service" ? () => "\t\toutput stdout\n" : rolledFile;
  return `(access-log) {
	map {http.request.header.User-Agent} {user_agent} {
		~^(.{0,${longestText}}) "\${1}"
	}
	log_append user_agent {user_agent}
	log {
${output(proxyFiles.anonymousLog)}${format}		# A second's first hundred, then each hundredth.
		sampling {
			interval 1s
			first 100
			thereafter 100
		}
	}
	log accounts {
		no_hostname
${output(proxyFiles.accessLog)}${format}	}
}`;
}

function rolledFile(path: string): string {
  return `		output file ${path} {
			roll_size 50MiB
			roll_keep 5
			roll_compression none
			mode 0640
		}
`;
}

// Headers are the client's to name and to fill, and what is answered may repeat them.
const format = `		format filter {
			wrap json
			request>headers delete
			resp_headers delete
${["method", "host", "uri", "tls>server_name"].map(shortened).join("")}		}
`;

function shortened(field: string): string {
  return `\t\t\trequest>${field} regexp ^(.{${longestText}}).+ $\{1}\n`;
}
