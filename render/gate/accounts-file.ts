/** What proves an account: all of it secret. */
export type AccountSecrets = {
  name: string;
  /** bcrypt, as in `$2b$10$…`. */
  passwordHash: string;
  /** What `/token` gives for the password; letters, digits, `-` and `_`. */
  token: string;
};

/** accounts.caddy: the hashes and tokens, apart from the Caddyfile so that this can be shown and that cannot. */
export function accountsFile(accounts: readonly AccountSecrets[]): string {
  return `(passwords) {
	basic_auth bcrypt registry {${accounts.map(({ name, passwordHash }) => `\n\t\t${name} ${passwordHash}`).join("")}
	}
}

(bearers) {
	map {http.request.header.Authorization} {bearer} {${accounts.map(({ name, token }) => `\n\t\t"Bearer ${token}" ${name}`).join("")}
		default ""
	}
}

(tokens) {
	map {http.auth.user.id} {token} {${accounts.map(({ name, token }) => `\n\t\t${name} ${token}`).join("")}
		default ""
	}
}
`;
}
