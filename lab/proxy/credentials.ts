/** The password of an account of the tests. */
export const password = (account: string) => `${account}-password`;

/** The token `/token` gives it. */
export const token = (account: string) => `${account}-token`;
