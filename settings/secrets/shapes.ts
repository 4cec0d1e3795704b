import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";

// Each returns what is wrong in words that never repeat the value, or undefined.

/** bcrypt reads no further. */
const longestPassword = 72;

const controlCharacter = /\p{Cc}/u;

export function validateCredential(value: string): string | undefined {
  if (value === "") return "is empty";
  if (controlCharacter.test(value)) return "holds a control character, such as the line break at a file's end";
  return undefined;
}

/** What bcrypt and Basic authentication can carry. */
function validatePassword(value: string): string | undefined {
  const bytes = Buffer.byteLength(value);
  if (bytes > longestPassword) return `has ${bytes} bytes of UTF-8; bcrypt takes ${longestPassword} at most`;
  if (Buffer.from(value).toString() !== value) return "is no valid Unicode";
  return validateCredential(value);
}

/** An account's password, or the new one and the one before it, both in force. */
const GivenPassword = z.union([z.string(), z.array(z.string()).length(2)]);

export type GivenPassword = z.output<typeof GivenPassword>;

const Passwords = z.record(z.string(), GivenPassword);

/** JSON: account → password, or new and old. */
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

/** Passwords by account; none where the JSON is not what `validatePasswords` asks for. */
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

/** The cipher an OpenSSH key names inside; other PEM keys say ENCRYPTED in their headers. */
function cipherOf(key: string): string {
  const base64 = /BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END/.exec(key)?.[1];
  if (base64 === undefined) return "none";
  const bytes = Buffer.from(base64, "base64");
  const start = "openssh-key-v1\0".length;
  if (bytes.length < start + 8) return "damaged";
  return bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start)).toString("latin1");
}
