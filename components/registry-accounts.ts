import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import bcrypt from "bcryptjs";
import { derivedSecret } from "./derived-secret.ts";

export interface RegistryAccountsArgs {
  names: string[];
  /** What tokens are derived from; secret, and the stack's own. */
  tokenKey: pulumi.Input<string>;
  /** Passwords that the stack gives, by account. @default generated, 32 letters and digits */
  passwords?: Record<string, pulumi.Input<string>>;
}

/** What one account is known by. */
export type AccountCredentials = {
  name: string;
  password: string;
  /** bcrypt, cost 10. The same from run to run while the password is. */
  passwordHash: string;
  /** What the gate hands out for the password, and takes in its place. */
  token: string;
};

/** The accounts' passwords, hashes and tokens. */
export class RegistryAccounts extends pulumi.ComponentResource {
  /** In the order of the names, secret. */
  readonly credentials: pulumi.Output<AccountCredentials[]>;

  constructor(name: string, args: RegistryAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:accounts:RegistryAccounts", name, {}, opts);
    const { names, tokenKey, passwords = {} } = args;

    const credentials = names.map((account) => {
      const { password, passwordHash } = this.password(`${name}-${account}`, passwords[account]);
      return pulumi.all([tokenKey, password, passwordHash]).apply(([key, password, passwordHash]) => ({
        name: account,
        password,
        passwordHash,
        // Lives as long as the password: another password, another token.
        token: derivedSecret(key, `token ${account} ${passwordHash}`),
      }));
    });

    this.credentials = pulumi.secret(pulumi.all(credentials));
    this.registerOutputs({ credentials: this.credentials });
  }

  private password(name: string, given?: pulumi.Input<string>) {
    if (given === undefined) {
      const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, { parent: this });
      return { password: password.result, passwordHash: password.bcryptHash };
    }
    const salt = new random.RandomBytes(`${name}-salt`, { length: 16 }, { parent: this });
    return { password: given, passwordHash: pulumi.all([given, salt.base64]).apply(bcryptHash) };
  }
}

/** With bcrypt's own base64 of the 16 bytes of salt behind the version and the cost. */
function bcryptHash([password, salt]: [string, string]): string {
  return bcrypt.hashSync(password, `$2b$10$${bcrypt.encodeBase64([...Buffer.from(salt, "base64")], 16)}`);
}
