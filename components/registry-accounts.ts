import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import bcrypt from "bcryptjs";
import { type Rotation, type Rotations, rotationOf } from "../settings/rotation.ts";
import type { GivenPassword } from "../settings/secret-shapes.ts";
import { derivedSecret } from "./derived-secret.ts";

/** By account; the new one and the one before it while both are in force. */
export type GivenPasswords = Record<string, pulumi.Input<GivenPassword>>;

export interface RegistryAccountsArgs {
  names: string[];
  /** What tokens are derived from; secret, and the stack's own. */
  tokenKey: pulumi.Input<string>;
  /** Passwords that the stack gives. @default generated, 32 letters and digits */
  passwords?: GivenPasswords;
  /** Which password each account has. @default the first */
  rotations?: Rotations;
}

/** What one account is known by. */
export type AccountCredentials = AccountProof & {
  name: string;
  /** What consumers are given: until the registry knows the new one for sure, the one before it. */
  password: string;
  /** What works beside it while a rotation has not ended. */
  previous?: AccountProof;
  /** Whether it has had another password before. */
  rotated: boolean;
};

type AccountProof = {
  /** bcrypt, cost 10. The same from run to run while the password is. */
  passwordHash: string;
  /** What the proxy hands out for the password, and takes in its place. */
  token: string;
};

type Hashed = { password: string; passwordHash: string };

/** The accounts' passwords, hashes and tokens. The state holds those in force, and no other. */
export class RegistryAccounts extends pulumi.ComponentResource {
  /** In the order of the names, secret. */
  readonly credentials: pulumi.Output<AccountCredentials[]>;

  constructor(name: string, args: RegistryAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:accounts:RegistryAccounts", name, {}, opts);
    const { names, tokenKey, passwords = {}, rotations = {} } = args;

    const credentials = names.map((account) => {
      const rotation = rotationOf(rotations, account);
      const given = Object.hasOwn(passwords, account) ? passwords[account] : undefined;
      const hashed =
        given === undefined ? this.generated(`${name}-${account}`, rotation) : this.given(`${name}-${account}`, given);
      return pulumi
        .all([tokenKey, hashed])
        .apply(([key, [newest, previous]]) => accountCredentials(account, key, rotation, newest, previous));
    });

    this.credentials = pulumi.secret(pulumi.all(credentials));
    this.registerOutputs({ credentials: this.credentials });
  }

  /** The newest first. */
  private generated(name: string, rotation: Rotation | undefined): pulumi.Output<Hashed[]> {
    const { generation, previous } = rotation ?? { generation: 0, previous: "gone" };
    const made = [generation, ...(previous === "gone" ? [] : [generation - 1])].map((each) => {
      const unique = each === 0 ? `${name}-password` : `${name}-password-${each}`;
      return new random.RandomPassword(unique, { length: 32, special: false }, { parent: this });
    });
    return pulumi.all(made.map(({ result, bcryptHash }) => ({ password: result, passwordHash: bcryptHash })));
  }

  /** One salt for all that an account ever has: the hash of a password is the same beside another one and alone. */
  private given(name: string, given: pulumi.Input<GivenPassword>): pulumi.Output<Hashed[]> {
    const { base64 } = new random.RandomBytes(`${name}-salt`, { length: 16 }, { parent: this });
    return pulumi
      .all([given, base64])
      .apply(([given, salt]) =>
        [given].flat().map((each) => ({ password: each, passwordHash: bcryptHash(each, salt) })),
      );
  }
}

function accountCredentials(
  name: string,
  key: string,
  rotation: Rotation | undefined,
  newest: Hashed | undefined,
  previous: Hashed | undefined,
): AccountCredentials {
  if (newest === undefined) throw new Error(`the account ${name} has no password`);
  // Lives as long as the password: another password, another token.
  const proof = ({ passwordHash }: Hashed) => ({
    passwordHash,
    token: derivedSecret(key, `token ${name} ${passwordHash}`),
  });
  return {
    name,
    password: (rotation?.previous === "given-out" && previous ? previous : newest).password,
    ...proof(newest),
    ...(previous && { previous: proof(previous) }),
    rotated: rotation !== undefined,
  };
}

/** With bcrypt's own base64 of the 16 bytes of salt behind the version and the cost. */
function bcryptHash(password: string, salt: string): string {
  return bcrypt.hashSync(password, `$2b$10$${bcrypt.encodeBase64([...Buffer.from(salt, "base64")], 16)}`);
}
