import type * as pulumi from "@pulumi/pulumi";
import {
  type GivenPassword,
  validateCredential,
  validatePasswords,
  validatePemCertificate,
  validatePemKey,
  validateSshKey,
} from "./shapes.ts";

type SecretKey = {
  /** For the schema of the stack file and the reference. */
  description: string;
  /** What is wrong with a value, in words that never repeat it. */
  validate: (value: string) => string | undefined;
};

/** Every secret a stack file may hold: flat keys, outside the settings, encrypted. */
export const secretKeys = {
  sshPrivateKey: { description: "Logs in where `agent` is false, without passphrase", validate: validateSshKey },
  jenkinsToken: { description: "API token of `jenkins.user`", validate: validateCredential },
  jenkinsPassword: {
    description: "Password of `jenkins.user`, where tokens are not to be had",
    validate: validateCredential,
  },
  passwords: {
    description: "JSON: account → password, or `[new, old]` while both work; the others' are generated",
    validate: validatePasswords,
  },
  registryUsername: { description: "Who pushes to an existing registry", validate: validateUserName },
  registryPassword: { description: "registryUsername's password", validate: validateCredential },
  mavenUsername: { description: "Who deploys to mavenRegistry", validate: validateUserName },
  mavenPassword: { description: "mavenUsername's password", validate: validateCredential },
  s3AccessKey: { description: "Access key id of `variant.storage` kind s3", validate: validateCredential },
  s3SecretKey: { description: "Secret access key of `variant.storage` kind s3", validate: validateCredential },
  tlsCertificate: {
    description: "Certificate chain of tls kind provided, PEM, leaf first",
    validate: validatePemCertificate,
  },
  tlsKey: { description: "Private key of tlsCertificate, PEM, without passphrase", validate: validatePemKey },
} satisfies Record<string, SecretKey>;

export type SecretName = keyof typeof secretKeys;

export function isSecretName(key: string): key is SecretName {
  return Object.hasOwn(secretKeys, key);
}

/** The secrets of a stack file, in clear. Stays inside `settings/` and `operations/`. */
export type ClearSecrets = { [name in SecretName]?: string };

/** What the program works with: every value a Pulumi secret. */
export type Secrets = { readonly [name in Exclude<SecretName, "passwords">]?: pulumi.Output<string> } & {
  /** Account → given password, or new and old; the others' are generated. */
  readonly passwords: Readonly<Record<string, pulumi.Output<GivenPassword>>>;
};

function validateUserName(value: string): string | undefined {
  if (value.includes(":")) return "a user name cannot hold a colon: Basic authentication ends it there";
  return validateCredential(value);
}
