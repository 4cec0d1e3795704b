import type * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../settings/errors/program-error.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";

/** User name and password of an account. The password is secret. */
export type Credentials = { username: string; password: string };

/** The credentials of the named account. Without a name, those of the only account, as an existing registry has it. */
export function accountCredentials(
  { accounts }: RegistryEndpoint,
  account: string | undefined,
): pulumi.Output<Credentials> {
  return accounts.apply((all) => {
    const username = account ?? Object.keys(all)[0] ?? "";
    const password = all[username];
    if (password === undefined) throw new ProgramError(`the registry has no account ${username}`);
    return { username, password };
  });
}
