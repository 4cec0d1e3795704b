import type { Gate } from "./gate.ts";

/** How a permitted request is answered: blobs from the storage's files, all else by the registry. */
export function serving({ upstream, storageRoot }: Gate): string {
  return `(upstream) {
	request_header -Authorization
	reverse_proxy ${upstream} {
		transport http {
			compression off
			keepalive_idle_conns_per_host 256
		}
	}
}

(serve) {
${storageRoot === undefined ? "" : blobFiles(`${storageRoot}/docker/registry/v2`)}	@json {
		method GET
		not vars {re.v2.endpoint} blobs
	}
	encode @json zstd gzip {
		minimum_length 8192
		match header Content-Type application/*
	}
	import upstream
}`;
}

// Two matchers, one inside the other: in one set their order is random, and every request would touch the disk.
function blobFiles(root: string): string {
  return `	@blob {
		method GET HEAD
		vars {re.v2.endpoint} blobs
	}
	route @blob {
		@linked file {
			root ${root}/repositories
			try_files /{re.v2.repository}/_layers/sha256/{re.v2.hash}/link
		}
		route @linked {
			@stored file {
				root ${root}/blobs/sha256
				try_files /{re.v2.fan}/{re.v2.hash}/data
			}
			route @stored {
				rewrite {http.matchers.file.relative}
				header {
					Cache-Control max-age=31536000
					Content-Type application/octet-stream
					Docker-Content-Digest {re.v2.reference}
					Docker-Distribution-Api-Version registry/2.0
					Etag \`"{re.v2.reference}"\`
				}
				file_server {
					root ${root}/blobs/sha256
				}
			}
		}
	}
`;
}
