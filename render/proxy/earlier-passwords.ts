import type { AccountSecrets } from "./accounts-file.ts";
import { proxyFiles } from "./proxy-config.ts";
import { asStranger, strangerAccount } from "./unknown-names.ts";

/** Caddy matches sites by name; nobody outside has this one's socket. */
const site = "earlier-passwords";

/**
 * What asks for the earlier passwords before `newest`, which knows the ones that are there to stay. Caddy's basic_auth
 * holds one password a name and ends a request that it does not know, so the earlier ones are asked for by another site
 * of the same process: what that says is no header of the client's.
 */
export function passwordsOfBoth(newest: string): string {
  return `reverse_proxy unix/${proxyFiles.earlierSocket} {
		method GET
		rewrite /
		header_up Host ${site}
		handle_response {
			vars earlier {rp.header.Account}
		}
	}
	@earlier not vars {vars.earlier} ""
	route @earlier {
		vars {
			http.auth.user.id {vars.earlier}
			by_earlier yes
		}
	}
	@newest vars {vars.earlier} ""
	route @newest {
		${newest.replaceAll("\n", "\n\t")}
	}`;
}

/** Each proof has the token of its own: the earlier password may not become a token that outlives it. */
export function mapsOfBoth(accounts: readonly AccountSecrets[]): string {
  return `(bearers) {
	map {http.request.header.Authorization} {bearer} {by_earlier} {${accounts.flatMap(bearers).join("")}
		default "" ""
	}
}

(tokens) {
	map "account {http.auth.user.id} {vars.by_earlier}{by_earlier}" {token} {${accounts.flatMap(tokens).join("")}
		default ""
	}
}
`;
}

function bearers({ name, token, previous }: AccountSecrets): string[] {
  const earlier = previous && `\n\t\t"Bearer ${previous.token}" "${name}" yes`;
  return [`\n\t\t"Bearer ${token}" "${name}" ""`, ...(earlier ? [earlier] : [])];
}

function tokens({ name, token, previous }: AccountSecrets): string[] {
  return [`\n\t\t"account ${name} " "${token}"`, `\n\t\t"account ${name} yes" "${previous?.token ?? token}"`];
}

/**
 * The site that knows the earlier passwords. It knows the only password of every other account, too, so that the check of
 * every name costs the same. It stays once there was an overlap, for a request that came under the
 * configuration before may still ask it.
 */
export function earlierPasswords(accounts: readonly AccountSecrets[]): string {
  const hashes = accounts.map(
    ({ name, passwordHash, previous }) => `\n\t\t\t"${name}" "${previous?.passwordHash ?? passwordHash}"`,
  );
  return `http://${site} {
	bind unix/${proxyFiles.earlierSocket}
	route {
		${asStranger(accounts.map(({ name }) => name)).replaceAll("\n", "\n\t")}
		basic_auth bcrypt registry {${hashes.join("")}
			${strangerAccount(accounts.map(({ passwordHash }) => passwordHash))}
		}
		header Account {http.auth.user.id}
		respond 204
	}
}
`;
}
