/** The password that an account has in the proxy's tests. */
export const password = (account: string) => `${account}-password`;

/** The token that `/token` returns for the account. */
export const token = (account: string) => `${account}-token`;
