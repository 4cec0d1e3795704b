/** What proves an account: all of it secret. */
export type AccountSecrets = AccountProof & {
  name: string;
  /** The password and token from before a rotation, while they are still valid. */
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
