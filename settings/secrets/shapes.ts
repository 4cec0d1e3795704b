import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";

// Each validate function returns an error message, which never contains the secret, or undefined for a valid value.

/** The longest password in bytes: bcrypt ignores everything after byte 72. */
const longestPassword = 72;

const controlCharacter = /\p{Cc}/u;

export function validateCredential(value: string): string | undefined {
  if (value === "") return "is empty";
  if (controlCharacter.test(value)) return "holds a control character, such as the line break at a file's end";
  return undefined;
}

/** Checks that bcrypt and HTTP Basic authentication can handle the password. */
function validatePassword(value: string): string | undefined {
  const bytes = Buffer.byteLength(value);
  if (bytes > longestPassword) return `has ${bytes} bytes of UTF-8; bcrypt takes ${longestPassword} at most`;
  if (Buffer.from(value).toString() !== value) return "is no valid Unicode";
  return validateCredential(value);
}

/** A password that the user chose for an account, or the new one and the one before it while both work. */
export const GivenPassword = z.union([z.string(), z.array(z.string()).length(2)]);

export type GivenPassword = z.output<typeof GivenPassword>;

const Passwords = z.record(z.string(), GivenPassword);

/**
 * Checks the secret `passwords`: a JSON object from account to password, or to a list of the new and the old password.
 */
export function validatePasswords(value: string): string | undefined {
  const passwords = parsePasswords(value);
  if (passwords === undefined) return 'JSON from account to password, as in {"jenkins": "…"}';
  for (const [index, given] of Object.values(passwords).entries()) {
    const message = [given]
      .flat()
      .map(validatePassword)
      .find((each) => each);
    if (message) return `password ${index + 1} ${message}`;
    if (Array.isArray(given) && given[0] === given[1]) return `password ${index + 1} is twice the same; give it once`;
  }
  return undefined;
}

/** The passwords by account; an empty object if the JSON does not have the right shape. */
export function passwordsIn(value: string): Record<string, GivenPassword> {
  return parsePasswords(value) ?? {};
}

export function validateSshKey(value: string): string | undefined {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END [A-Z ]*PRIVATE KEY-----/.test(value))
    return "is no private key; give the whole file that starts with -----BEGIN OPENSSH PRIVATE KEY-----";
  if (/ENCRYPTED/.test(value) || cipherOf(value) !== "none")
    return "has a passphrase; use a key without one, or agent: true";
  return undefined;
}

export function validatePemCertificate(value: string): string | undefined {
  try {
    new X509Certificate(value);
    return undefined;
  } catch {
    return "is no PEM certificate; give the whole chain, leaf first, starting with -----BEGIN CERTIFICATE-----";
  }
}

export function validatePemKey(value: string): string | undefined {
  if (/ENCRYPTED/.test(value)) return "has a passphrase; remove it with openssl pkey";
  try {
    createPrivateKey(value);
    return undefined;
  } catch {
    return "is no PEM private key; give the whole file, starting with -----BEGIN PRIVATE KEY-----";
  }
}

function parsePasswords(value: string): Record<string, GivenPassword> | undefined {
  try {
    return Passwords.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

/**
 * The cipher that an OpenSSH private key is encrypted with; `none` without a passphrase. Other PEM keys contain the
 * word ENCRYPTED instead.
 */
function cipherOf(key: string): string {
  const base64 = /BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END/.exec(key)?.[1];
  if (base64 === undefined) return "none";
  const bytes = Buffer.from(base64, "base64");
  const start = "openssh-key-v1\0".length;
  if (bytes.length < start + 8) return "damaged";
  return bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start)).toString("latin1");
}
