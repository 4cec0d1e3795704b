import type { ProxyConfig } from "./proxy-config.ts";

/** How a permitted request is answered: blobs from the storage's files, all else by the registry. */
export function serving({ upstream, storageRoot }: ProxyConfig): string {
  return `(upstream) {
	request_header -Authorization
	reverse_proxy ${upstream} {
		transport http {
			compression off
			keepalive_idle_conns_per_host 64
		}
		# distribution has no JSON for a path it does not know.
		@unknown {
			status 404
			header Content-Type text/plain*
		}
		handle_response @unknown {
			error 404
		}
		# Its own words may name the storage's path or address.
		@failed status 5xx
		handle_response @failed {
			error "the registry failed" {rp.status_code}
		}
	}
}

(compressed) {
	@get method GET
	encode @get zstd gzip {
		minimum_length 8192
		match header Content-Type application/*
	}
}

(serve) {
	@blob vars {re.v2.endpoint} blobs
	route @blob {
${storageRoot === undefined ? "" : blobFiles(`${storageRoot}/docker/registry/v2`)}		import upstream
	}
	# Clients hold a manifest against its length and its digest: it stays as it was pushed.
	@tags vars {re.v2.endpoint} tags
	route @tags {
		import compressed
		import upstream
	}
	import upstream
}`;
}

// One matcher a route: in one set their order is random, and every request would touch the disk.
function blobFiles(root: string): string {
  return `		@digest vars_regexp digest {re.v2.reference} ^sha256:(([0-9a-f]{2})[0-9a-f]{62})$
		route @digest {
			@linked file {
				root ${root}/repositories
				try_files /{re.v2.repository}/_layers/sha256/{re.digest.1}/link
			}
			route @linked {
				@stored file {
					root ${root}/blobs/sha256
					try_files /{re.digest.2}/{re.digest.1}/data
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
