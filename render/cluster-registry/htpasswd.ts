/** The file that htpasswd writes: a name and its bcrypt hash a line. */
export function htpasswd(accounts: readonly { name: string; passwordHash: string }[]): string {
  return accounts.map(({ name, passwordHash }) => `${name}:${passwordHash}\n`).join("");
}
