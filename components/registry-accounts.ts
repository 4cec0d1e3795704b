import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import bcrypt from "bcryptjs";
import { type Rotation, type Rotations, rotationOf } from "../settings/rotation.ts";
import type { GivenPassword } from "../settings/secrets/shapes.ts";
import { derivedSecret } from "./derived-secret.ts";

/** Passwords from the stack file, by account: one, or the new and the previous one while both are valid. */
export type GivenPasswords = Record<string, pulumi.Input<GivenPassword>>;

/** bcrypt hashes of an htpasswd file, by account. */
export type HtpasswdHashes = Record<string, pulumi.Input<string>>;

export interface RegistryAccountsArgs {
  names: string[];
  /** The stack's secret key that tokens are derived from. */
  tokenKey: pulumi.Input<string>;
  /** Passwords from the stack file. @default generated, 32 letters and digits */
  passwords?: GivenPasswords;
  /** Hashes whose passwords work beside the accounts' own. An account in a rotation has none. @default none */
  htpasswd?: HtpasswdHashes;
  /** The rotation state of each account. @default the first password */
  rotations?: Rotations;
}

/** An account's password, with the hashes and tokens that the proxy accepts. */
export type AccountCredentials = AccountProof & {
  name: string;
  /**
   * The current password. During a rotation it is the previous one until the registry certainly accepts the new one.
   */
  password: string;
  /**
   * The hash and token of the previous password, accepted until the rotation ends, or of a password from an htpasswd
   * file.
   */
  previous?: AccountProof;
};

type AccountProof = {
  /** bcrypt, cost 10. The same password has the same hash in every run. */
  passwordHash: string;
  /** The token that the proxy returns for the password, and accepts instead of it. */
  token: string;
};

type Hashed = { password: string; passwordHash: string };

/** The accounts' passwords, hashes and tokens. The state holds only valid passwords. */
export class RegistryAccounts extends pulumi.ComponentResource {
  /** Secret, in the order of the names. */
  readonly credentials: pulumi.Output<AccountCredentials[]>;

  constructor(name: string, args: RegistryAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:accounts:RegistryAccounts", name, {}, opts);
    const { names, tokenKey, passwords = {}, htpasswd = {}, rotations = {} } = args;

    const credentials = names.map((account) => {
      const rotation = rotationOf(rotations, account);
      const given = Object.hasOwn(passwords, account) ? passwords[account] : undefined;
      const hashed =
        given === undefined ? this.generated(`${name}-${account}`, rotation) : this.given(`${name}-${account}`, given);
      const hash = Object.hasOwn(htpasswd, account) ? htpasswd[account] : undefined;
      return pulumi
        .all([tokenKey, hashed, pulumi.output(hash)])
        .apply(([key, [newest, previous], passwordHash]) =>
          accountCredentials(account, key, rotation, newest, previous, passwordHash),
        );
    });

    this.credentials = pulumi.secret(pulumi.all(credentials));
    this.registerOutputs({ credentials: this.credentials });
  }

  /** The account's generated passwords, the newest first. */
  private generated(name: string, rotation: Rotation | undefined): pulumi.Output<Hashed[]> {
    const { generation, previous } = rotation ?? { generation: 0, previous: "revoked" };
    const passwords = [generation, ...(previous === "revoked" ? [] : [generation - 1])].map((each) => {
      const unique = each === 0 ? `${name}-password` : `${name}-password-${each}`;
      return new random.RandomPassword(unique, { length: 32, special: false }, { parent: this });
    });
    return pulumi.all(passwords.map(({ result, bcryptHash }) => ({ password: result, passwordHash: bcryptHash })));
  }

  /** All passwords of an account share one salt, so a password's hash does not change during a rotation. */
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
  htpasswdHash: string | undefined,
): AccountCredentials {
  if (newest === undefined) throw new Error(`the account ${name} has no password`);
  // The token is derived from the hash, so that another password has another token.
  const proof = (passwordHash: string) => ({
    passwordHash,
    token: derivedSecret(key, `token ${name} ${passwordHash}`),
  });
  const earlierHash = previous?.passwordHash ?? htpasswdHash;
  return {
    name,
    password: (rotation?.previous === "current" && previous ? previous : newest).password,
    ...proof(newest.passwordHash),
    ...(earlierHash && { previous: proof(earlierHash) }),
  };
}

/**
 * The bcrypt hash of a password. The salt is 16 bytes in base64; bcrypt encodes them again in an alphabet of its own.
 */
function bcryptHash(password: string, salt: string): string {
  return bcrypt.hashSync(password, `$2b$10$${bcrypt.encodeBase64([...Buffer.from(salt, "base64")], 16)}`);
}
