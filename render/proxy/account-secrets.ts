/** The password hashes and tokens that the proxy accepts for an account. All are secret. */
export type AccountSecrets = AccountProof & {
  name: string;
  /** The password and token from before a rotation, while they are still valid. */
  previous?: AccountProof;
};

type AccountProof = {
  /** bcrypt, as in `$2b$10$…`. */
  passwordHash: string;
  /** The token that `/token` returns for the password. It has letters, digits, `-` and `_`. */
  token: string;
};
