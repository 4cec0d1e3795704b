import { earlierPasswords, mapsOfBoth, passwordsOfBoth } from "./earlier-passwords.ts";
import { asStranger, strangerAccount } from "./unknown-names.ts";

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
  const newest = basicAuth(accounts);
  const overlap = accounts.some(({ previous }) => previous);
  return [
    `(passwords) {\n\t${overlap ? passwordsOfBoth(newest) : newest}\n}\n`,
    overlap ? mapsOfBoth(accounts) : maps(accounts),
    ...(overlap || accounts.some(({ rotated }) => rotated) ? [earlierPasswords(accounts)] : []),
  ].join("\n");
}

// Quoted, always: Caddy reads a bare 007 as the number 7, and a bare t as true.
function basicAuth(accounts: readonly AccountSecrets[]): string {
  return `${asStranger(accounts.map(({ name }) => name))}
	basic_auth bcrypt registry {${accounts.map(({ name, passwordHash }) => `\n\t\t"${name}" "${passwordHash}"`).join("")}
		${strangerAccount(accounts.map(({ passwordHash }) => passwordHash))}
	}`;
}

// Inputs of a map start with a word of ours: Caddy takes the account name "default", quoted or not, for its own word.
function maps(accounts: readonly AccountSecrets[]): string {
  return `(bearers) {
	map {http.request.header.Authorization} {bearer} {${accounts.map(({ name, token }) => `\n\t\t"Bearer ${token}" "${name}"`).join("")}
		default ""
	}
}

(tokens) {
	map "account {http.auth.user.id}" {token} {${accounts.map(({ name, token }) => `\n\t\t"account ${name}" "${token}"`).join("")}
		default ""
	}
}
`;
}
