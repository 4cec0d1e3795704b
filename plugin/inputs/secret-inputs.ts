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

/** The secrets that are known, as the rules of secrets take them. */
export function clearSecrets({ values }: ResolvedInputs, names: readonly SecretName[]): ClearSecrets {
  const given = names.filter((name) => values[name] !== undefined && values[name] !== unknownValue);
  return Object.fromEntries(
    given.map((name) => [name, name === "passwords" ? passwordsText(values[name]) : values[name]]),
  );
}

/** Unknown passwords are left out: their accounts are known, and a rule of passwords may need the names alone. */
function passwordsText(value: unknown): string {
  return JSON.stringify(value, (_, each) => (each === unknownValue ? "known after up" : each));
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
