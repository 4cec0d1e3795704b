import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { htpasswdHashes } from "../../settings/secrets/htpasswd.ts";
import { type ClearSecrets, type SecretName, type Secrets, secretKeys } from "../../settings/secrets/secrets.ts";
import { GivenPassword } from "../../settings/secrets/shapes.ts";
import { type ResolvedInputs, unknownValue } from "./resolve-inputs.ts";

/** The stack file's JSON of passwords is a group of keys here: a program has lists and objects of its own. */
const Passwords = z
  .record(z.string(), GivenPassword)
  .describe("Account → password, or a list of the new and the old one while both work; the others' are generated");

/** The schema of each secret input. */
export function secretInputs(names: readonly SecretName[]): Record<string, z.ZodType> {
  return Object.fromEntries(names.map((name) => [name, secretInput(name).optional().meta({ secret: true })]));
}

function secretInput(name: SecretName): z.ZodType {
  return name === "passwords" ? Passwords : z.string().describe(secretKeys[name].description);
}

/** Stands for a secret that a preview does not know: it is there, so no rule may say that it is missing. */
const placeholder = "known after up";

/** The secrets in clear, as the rules of secrets take them. Problems of an unknown one are to be dropped. */
export function clearSecrets({ values }: ResolvedInputs, names: readonly SecretName[]): ClearSecrets {
  const given = names.filter((name) => values[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, clearSecret(name, values[name])]));
}

function clearSecret(name: SecretName, value: unknown): string {
  if (name === "passwords") return value === unknownValue ? "{}" : JSON.stringify(value, known);
  return String(known(name, value));
}

function known(_: string, value: unknown): unknown {
  return value === unknownValue ? placeholder : value;
}

/** The secrets as the components use them: each is a Pulumi secret, which may be unknown in a preview. */
export function wrappedSecrets(
  inputs: pulumi.Inputs,
  { values }: ResolvedInputs,
  names: readonly SecretName[],
): Secrets {
  const texts = names.filter((name) => name !== "passwords" && name !== "htpasswd" && values[name] !== undefined);
  const passwords = Object.entries((values.passwords ?? {}) as Record<string, GivenPassword | typeof unknownValue>);
  const hashes = Object.entries(htpasswdHashes(typeof values.htpasswd === "string" ? values.htpasswd : ""));
  return {
    ...Object.fromEntries(texts.map((name) => [name, pulumi.secret(inputs[name])])),
    passwords: Object.fromEntries(passwords.map(([name, value]) => [name, secretValue(value)])),
    htpasswd: Object.fromEntries(hashes.map(([name, hash]) => [name, pulumi.secret(hash)])),
  };
}

function secretValue<T>(value: T | typeof unknownValue): pulumi.Output<T> {
  return pulumi.secret(value === unknownValue ? pulumi.unknown : value) as pulumi.Output<T>;
}
