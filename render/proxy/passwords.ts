import { proxyFiles } from "./proxy-config.ts";

/** Caddy matches sites by name; nobody outside has this one's socket. */
const site = "passwords";

/**
 * No right password comes in a longer header, in characters: the longest name with the longest password that bcrypt takes,
 * 72 bytes, is 190 of them. Caddy would hash a longer one, and keep it in its cache.
 */
const longestHeader = 300;

/** How many passwords each listener has checked at the same time. One check keeps a core busy for some 0.1 s. */
const checksAtOnce = 2;

/**
 * How long a request may wait for its check, in seconds: as many as there may be connections wait for less. Go ends a request
 * whose deadline passes meanwhile, and Caddy answers it as if it had been done.
 */
const waitSeconds = 300;

/**
 * The password of a request, checked by a site of this same process: its connections are the one bound that Caddy has on
 * what it does at the same time. One handler for all places that need it, so that the bound is one, too.
 */
export const passwordCheck = `&(password) {
	route {
		@endless header_regexp Authorization ^.{${longestHeader}}
		error @endless 401
		request_body {
			read_timeout ${waitSeconds}s
		}
		reverse_proxy unix/${proxyFiles.passwordsSocket} {
			method GET
			rewrite /
			header_up Host ${site}
			transport http {
				compression off
				max_conns_per_host ${checksAtOnce}
			}
			handle_response {
				vars {
					http.auth.user.id {rp.header.Account}
					by_earlier {rp.header.Earlier}
				}
			}
		}
	}
}`;

/** The site behind that socket. */
export const passwordsSite = `http://${site} {
	bind unix/${proxyFiles.passwordsSocket}
	route {
		import passwords
		header {
			Account {http.auth.user.id}
			Earlier {vars.by_earlier}
		}
		respond 204
	}
}`;
