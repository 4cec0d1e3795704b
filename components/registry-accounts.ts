import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import bcrypt from "bcryptjs";

export interface RegistryAccountsArgs {
  names: string[];
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

  constructor(name: string, { names, passwords = {} }: RegistryAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:accounts:RegistryAccounts", name, {}, opts);

    const credentials = names.map((account) => {
      const { password, passwordHash } = this.password(`${name}-${account}`, passwords[account]);
      const token = new random.RandomPassword(
        `${name}-${account}-token`,
        // A token lives as long as the password it stands for: both change together.
        { length: 43, special: false, keepers: { passwordHash } },
        { parent: this, additionalSecretOutputs: ["keepers"] },
      );
      return pulumi.all([password, passwordHash, token.result]).apply(([password, passwordHash, token]) => ({
        name: account,
        password,
        passwordHash,
        token,
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
    const passwordHash = pulumi.all([given, salt.base64]).apply(([password, salt]) => bcryptHash(password, salt));
    return { password: pulumi.secret(given), passwordHash: pulumi.secret(passwordHash) };
  }
}

/** bcrypt's own base64 of 16 bytes, behind the version and the cost. */
function bcryptHash(password: string, salt: string): string {
  return bcrypt.hashSync(password, `$2b$10$${bcrypt.encodeBase64([...Buffer.from(salt, "base64")], 16)}`);
}
