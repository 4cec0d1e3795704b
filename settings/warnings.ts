import { runtimesWithRegistriesYaml } from "./nodes.ts";
import { type ClearSecrets, isSecretName, type SecretName } from "./secrets/secrets.ts";
import { inStackFile } from "./secrets/ways-out.ts";
import type { Settings } from "./settings.ts";
import { sshConnections } from "./validation/machines.ts";
import { expiryWarnings } from "./warnings/expiry.ts";
import { rotationWarnings } from "./warnings/rotation.ts";

/** Warnings about settings that are valid but probably a mistake. `today` is a day in UTC, as in 2027-03-31. */
export function warnings(settings: Settings, secrets: ClearSecrets, today: string): string[] {
  return [
    ...plainText(settings),
    ...noMavenServer(settings),
    ...idleRights(settings),
    ...idlePullers(settings),
    ...expiryWarnings(settings, today),
    ...rotationWarnings(settings, secrets, today),
    ...idleRestarts(settings),
    ...idleSecrets(settings, secrets),
  ];
}

function* plainText({ variant, containerRegistry, jenkins }: Settings): Iterable<string> {
  if ("tls" in variant && variant.tls.kind === "none")
    yield `variant.tls.kind is none: passwords for ${containerRegistry.host} travel in clear`;
  if (jenkins?.via === "rest" && jenkins.url.startsWith("http:"))
    yield `jenkins.url is ${jenkins.url}: Jenkins' own login and all credentials travel in clear; use https`;
}

function* noMavenServer({ variant, containerRegistry, mavenRegistry }: Settings): Iterable<string> {
  if (variant.kind !== "existing" && mavenRegistry?.host === containerRegistry.host)
    yield `mavenRegistry.host is ${containerRegistry.host}, our own registry: it serves no Maven artifacts, and deploys to it fail`;
}

function* idleRights({ variant, accounts, containerRegistry }: Settings): Iterable<string> {
  for (const [index, { push, pull, delete: deletes }] of accounts.entries()) {
    if (pull.length > 0 && !containerRegistry.requiresAuthForPull)
      yield `accounts[${index}].pull does nothing: requiresAuthForPull is false, so anybody may pull`;
    if (push.length + pull.length + deletes.length === 0 && "catalogue" in variant && variant.catalogue !== "accounts")
      yield `accounts[${index}] may do nothing: it has neither push nor pull nor delete`;
  }
}

function* idlePullers({ pullSecrets, flux, containerRegistry }: Settings): Iterable<string> {
  if (containerRegistry.requiresAuthForPull) return;
  const idle = [...(pullSecrets.length > 0 ? ["pullSecrets"] : []), ...(flux?.account ? ["flux.account"] : [])];
  for (const key of idle) yield `${key} does nothing: requiresAuthForPull is false, so anybody may pull`;
}

function* idleRestarts({ nodes }: Settings): Iterable<string> {
  for (const [index, { runtime, restart }] of nodes.entries())
    if (restart && !runtimesWithRegistriesYaml.includes(runtime))
      yield `nodes[${index}].restart does nothing: ${runtime} reads its registries while it runs`;
}

function* idleSecrets(settings: Settings, secrets: ClearSecrets): Iterable<string> {
  const { variant, jenkins, mavenRegistry, notify } = settings;
  const provided = "tls" in variant && variant.tls.kind === "provided";
  const s3 = variant.kind === "cluster" && variant.storage.kind === "s3";
  const used: Partial<Record<SecretName, boolean>> = {
    sshPrivateKey: sshConnections(settings).some(({ connection }) => !connection.agent),
    jenkinsToken: jenkins?.via === "rest",
    jenkinsPassword: jenkins?.via === "rest",
    mavenUsername: mavenRegistry !== undefined,
    mavenPassword: mavenRegistry !== undefined,
    s3AccessKey: s3,
    s3SecretKey: s3,
    tlsCertificate: provided,
    tlsKey: provided,
    notifyUrl: notify?.kind === "webhook",
  };
  for (const [name, isUsed] of Object.entries(used))
    if (!isUsed && isSecretName(name) && name in secrets)
      yield `the secret ${name} is used by nothing here; ${inStackFile.remove(name)}`;
}
