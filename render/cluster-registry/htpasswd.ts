/** The text of an htpasswd file: one line for each account, with its name and its bcrypt hash. */
export function htpasswd(accounts: readonly { name: string; passwordHash: string }[]): string {
  return accounts.map(({ name, passwordHash }) => `${name}:${passwordHash}\n`).join("");
}
