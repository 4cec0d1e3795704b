import type * as pulumi from "@pulumi/pulumi";
import { validateHtpasswd } from "./htpasswd.ts";
import {
  type GivenPassword,
  validateCredential,
  validatePasswords,
  validatePemCertificate,
  validatePemKey,
  validateSshKey,
} from "./shapes.ts";

type SecretKey = {
  /** The key's description in the JSON schema and in docs/stack-file.md. */
  description: string;
  /** Returns an error message for an invalid value, which never contains the value; undefined if it is valid. */
  validate: (value: string) => string | undefined;
};

/**
 * Every secret that a stack file may hold. Each is an encrypted text under a key of its own, never inside a setting.
 */
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
  htpasswd: {
    description: "Lines of an htpasswd file (bcrypt): each password works beside the account's own",
    validate: validateHtpasswd,
  },
  registryUsername: { description: "Who pushes to an existing registry", validate: validateUserName },
  registryPassword: { description: "registryUsername's password", validate: validateCredential },
  mavenUsername: { description: "Who deploys to mavenRegistry", validate: validateUserName },
  mavenPassword: { description: "mavenUsername's password", validate: validateCredential },
  s3AccessKey: { description: "Access key id of `variant.storage` kind s3", validate: validateCredential },
  s3SecretKey: { description: "Secret access key of `variant.storage` kind s3", validate: validateCredential },
  backupPassword: {
    description: "Encrypts the backups; without it nobody can restore them",
    validate: validateCredential,
  },
  backupSshKey: { description: "Logs in at `backup.to` kind sftp, without passphrase", validate: validateSshKey },
  backupS3AccessKey: { description: "Access key id of `backup.to` kind s3", validate: validateCredential },
  backupS3SecretKey: { description: "Secret access key of `backup.to` kind s3", validate: validateCredential },
  notifyUrl: { description: "Where `notify` kind webhook sends messages", validate: validateUrl },
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

/** The secrets of a stack file in plain text. Only `settings/` and `operations/` use them. */
export type ClearSecrets = { [name in SecretName]?: string };

/**
 * The secrets as the Pulumi program uses them: each value is a Pulumi secret, which Pulumi encrypts in the state and
 * hides in its output.
 */
export type Secrets = { readonly [name in Exclude<SecretName, "passwords" | "htpasswd">]?: pulumi.Output<string> } & {
  /**
   * The password of each account that the secret `passwords` names, or its new and old one. Other accounts' passwords
   * are generated.
   */
  readonly passwords: Readonly<Record<string, pulumi.Output<GivenPassword>>>;
  /** The bcrypt hash of each account that the secret `htpasswd` names. */
  readonly htpasswd: Readonly<Record<string, pulumi.Output<string>>>;
};

function validateUrl(value: string): string | undefined {
  if (!/^https?:\/\/\S+$/.test(value) || !URL.canParse(value)) return "is no http or https URL";
  return validateCredential(value);
}

function validateUserName(value: string): string | undefined {
  if (value.includes(":")) return "a user name cannot hold a colon: Basic authentication ends it there";
  return validateCredential(value);
}
