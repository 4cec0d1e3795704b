import { earlierPasswords, passwordsOfBoth } from "./earlier-passwords.ts";

/** What proves an account: all of it secret. */
export type AccountSecrets = AccountProof & {
  name: string;
  /** What proved it before, while that still opens the registry. */
  previous?: AccountProof;
  /** Whether it has had another password before. @default false */
  rotated?: boolean;
};

type AccountProof = {
  /** bcrypt, as in `$2b$10$…`. */
  passwordHash: string;
  /** What `/token` gives for the password; letters, digits, `-` and `_`. */
  token: string;
};

/** accounts.caddy: the hashes and tokens, apart from the Caddyfile so that this can be shown and that cannot. */
export function accountsFile(accounts: readonly AccountSecrets[]): string {
  const overlap = accounts.some(({ previous }) => previous);
  const passwords = `basic_auth bcrypt registry {${accounts.map(({ name, passwordHash }) => `\n\t\t${name} ${passwordHash}`).join("")}
	}`;
  return `(passwords) {
	${overlap ? passwordsOfBoth(passwords) : passwords}
}

(bearers) {
	map {http.request.header.Authorization} {bearer}${overlap ? " {by_earlier}" : ""} {${accounts.flatMap(overlap ? bearersOfBoth : bearer).join("")}
		default ""${overlap ? ' ""' : ""}
	}
}

(tokens) {
	map ${overlap ? '"{http.auth.user.id} {vars.by_earlier}{by_earlier}"' : "{http.auth.user.id}"} {token} {${accounts.flatMap(overlap ? tokensOfBoth : token).join("")}
		default ""
	}
}
${overlap || accounts.some(({ rotated }) => rotated) ? `\n${earlierPasswords(accounts)}` : ""}`;
}

function bearer({ name, token }: AccountSecrets): string {
  return `\n\t\t"Bearer ${token}" ${name}`;
}

function token({ name, token }: AccountSecrets): string {
  return `\n\t\t${name} ${token}`;
}

function bearersOfBoth({ name, token, previous }: AccountSecrets): string[] {
  const earlier = previous && `\n\t\t"Bearer ${previous.token}" ${name} yes`;
  return [`\n\t\t"Bearer ${token}" ${name} ""`, ...(earlier ? [earlier] : [])];
}

// Each proof gets the token of its own: the earlier password may not become a token that outlives it.
function tokensOfBoth({ name, token, previous }: AccountSecrets): string {
  return `\n\t\t"${name} " ${token}\n\t\t"${name} yes" ${previous?.token ?? token}`;
}
