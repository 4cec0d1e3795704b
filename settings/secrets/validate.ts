import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIPv4 } from "node:net";
import { jenkinsGets } from "../consumers/jenkins.ts";
import { pathText } from "../errors/problems.ts";
import { hasPlaceholder, splitHost } from "../formats/host-name.ts";
import type { Settings } from "../settings.ts";
import { sshConnections } from "../validation/machines.ts";
import { isHalfRotated } from "../warnings/rotation.ts";
import { htpasswdHashes } from "./htpasswd.ts";
import type { ClearSecrets, SecretName } from "./secrets.ts";
import { passwordsIn } from "./shapes.ts";
import { inStackFile, type WaysOut } from "./ways-out.ts";

export type SecretProblem = { name: SecretName; message: string };

/**
 * Finds secrets that the settings need and that are missing, and secrets that do not fit the settings. Messages never
 * contain a secret's value.
 */
export function validateSecrets(
  settings: Settings,
  secrets: ClearSecrets,
  waysOut: WaysOut = inStackFile,
): SecretProblem[] {
  return [
    validateSsh,
    validateRegistry,
    validateHtpasswdAccounts,
    validateMaven,
    validateJenkins,
    validateStorage,
    validateBackup,
    validateNotify,
    validateCertificate,
  ].flatMap((rules) => [...rules(settings, secrets, waysOut)]);
}

/** Finds missing and unwanted secrets of Jenkins and of the Maven repository, whose credentials Jenkins may get. */
export function validateSecretsOfJenkins(
  settings: Pick<Settings, "jenkins" | "mavenRegistry">,
  secrets: ClearSecrets,
  waysOut: WaysOut,
): SecretProblem[] {
  return [validateMaven, validateJenkins].flatMap((rules) => [...rules(settings, secrets, waysOut)]);
}

type Problems = Iterable<SecretProblem>;

function* validateSsh(settings: Settings, { sshPrivateKey }: ClearSecrets, waysOut: WaysOut): Problems {
  const [first] = sshConnections(settings).filter(({ connection }) => !connection.agent);
  if (first && sshPrivateKey === undefined)
    yield {
      name: "sshPrivateKey",
      message: `missing, and ${pathText(first.path)} logs in with it: ${waysOut.setFile("sshPrivateKey")}; or use your SSH agent, with ${pathText(first.path)}.agent: true`,
    };
}

function* validateRegistry(settings: Settings, secrets: ClearSecrets, waysOut: WaysOut): Problems {
  const { variant, accounts } = settings;
  const { passwords, registryUsername, registryPassword } = secrets;
  if (variant.kind === "existing") {
    const given = registryUsername !== undefined || registryPassword !== undefined;
    const why = given ? "one is there without the other" : foreignCredentialsFor(settings);
    if (why) yield* missing(secrets, ["registryUsername", "registryPassword"], why, waysOut);
    if (passwords !== undefined)
      yield unwanted(
        "passwords",
        "an existing registry has accounts of its own; use registryUsername and registryPassword",
        waysOut,
      );
    return;
  }
  for (const name of ["registryUsername", "registryPassword"] as const)
    if (secrets[name] !== undefined)
      yield unwanted(name, "is for an existing registry; this one has accounts", waysOut);
  const two = Object.values(passwordsIn(passwords ?? "{}")).some(Array.isArray);
  if (two && variant.kind === "host" && variant.proxy === "traefik")
    yield { name: "passwords", message: "gives two for a name, and traefik knows one; give the new one alone" };
  yield* onlyAccounts("passwords", Object.keys(passwordsIn(passwords ?? "{}")), accounts);
}

function* validateHtpasswdAccounts(
  { variant, accounts, rotations, containerRegistry }: Settings,
  { htpasswd, passwords }: ClearSecrets,
  waysOut: WaysOut,
): Problems {
  if (htpasswd === undefined) return;
  if (variant.kind === "existing") {
    yield unwanted("htpasswd", "an existing registry has accounts of its own", waysOut);
    return;
  }
  if (variant.kind === "host" && variant.proxy === "traefik")
    yield unwanted(
      "htpasswd",
      "traefik knows one password a name; give the passwords in the secret passwords",
      waysOut,
    );
  if (variant.kind === "host" && variant.takeOver && !containerRegistry.requiresAuthForPull)
    yield {
      name: "htpasswd",
      message:
        "the old registry, which variant.takeOver replaces, asked for a password before each pull, and now everybody could pull its images; set containerRegistry.requiresAuthForPull: true, and remove that line once the take-over is done, if everybody may",
    };
  const names = Object.keys(htpasswdHashes(htpasswd));
  yield* onlyAccounts("htpasswd", names, accounts);
  for (const name of names.filter((each) => isHalfRotated(each, rotations, passwordsIn(passwords ?? "{}"))))
    yield {
      name: "htpasswd",
      message: `${name} has two other passwords until its rotation ends, and an account has two at most; end it first: npm run -s registry -- rotate --account ${name}`,
    };
}

// The message does not print the unknown names: one may be a password that was written in the wrong place.
function* onlyAccounts(name: SecretName, names: readonly string[], accounts: Settings["accounts"]): Problems {
  const unknown = names.filter((each) => !accounts.some((account) => account.name === each));
  if (unknown.length > 0)
    yield {
      name,
      message: `${unknown.length} of the names are not accounts of this stack; its accounts are ${accounts.map((each) => each.name).join(", ")}`,
    };
}

/** Why the settings need the credentials of an existing registry; undefined if nothing uses them. */
function foreignCredentialsFor({
  containerRegistry,
  mavenRegistry,
  jenkins,
  pullSecrets,
}: Settings): string | undefined {
  if (containerRegistry.requiresAuthForPush || containerRegistry.requiresAuthForPull)
    return "the existing registry asks for credentials";
  if (mavenRegistry?.sameCredentials) return "mavenRegistry.sameCredentials takes it";
  if (pullSecrets.length > 0) return "pullSecrets hold it";
  return jenkinsGets("container", { jenkins, mavenRegistry }) ? "jenkins gets it" : undefined;
}

function* validateMaven(
  { mavenRegistry, jenkins }: Pick<Settings, "mavenRegistry" | "jenkins">,
  secrets: ClearSecrets,
  waysOut: WaysOut,
): Problems {
  if (mavenRegistry === undefined) return;
  const names = ["mavenUsername", "mavenPassword"] as const;
  const given = names.filter((name) => secrets[name] !== undefined);
  if (mavenRegistry.sameCredentials)
    for (const name of given) yield unwanted(name, "mavenRegistry.sameCredentials is true", waysOut);
  else if (given.length > 0 || mavenRegistry.requiresAuthForPush || mavenRegistry.requiresAuthForPull)
    yield* missing(secrets, names, "mavenRegistry asks for credentials", waysOut);
  else if (jenkinsGets("maven", { jenkins, mavenRegistry })) yield* missing(secrets, names, "jenkins gets it", waysOut);
}

function* validateJenkins(
  { jenkins }: Pick<Settings, "jenkins">,
  { jenkinsToken, jenkinsPassword }: ClearSecrets,
  waysOut: WaysOut,
): Problems {
  if (jenkins?.via !== "rest") return;
  if (jenkinsToken !== undefined && jenkinsPassword !== undefined)
    yield unwanted("jenkinsPassword", "jenkinsToken is there too, and safer", waysOut);
  if (jenkinsToken === undefined && jenkinsPassword === undefined)
    yield* missing({}, ["jenkinsToken"], `jenkins is reached as ${jenkins.user}; jenkinsPassword works too`, waysOut);
}

function* validateStorage({ variant }: Settings, secrets: ClearSecrets, waysOut: WaysOut): Problems {
  if (variant.kind !== "cluster" || variant.storage.kind !== "s3") return;
  const names = ["s3AccessKey", "s3SecretKey"] as const;
  // Without `endpoint` the store is AWS's own: if neither key is set, the registry uses the IAM role of its node.
  if (variant.storage.endpoint !== undefined || names.some((name) => secrets[name] !== undefined))
    yield* missing(secrets, names, "variant.storage is kind s3", waysOut);
}

function* validateBackup({ backup }: Settings, secrets: ClearSecrets, waysOut: WaysOut): Problems {
  if (backup === undefined) return;
  yield* missing(secrets, ["backupPassword"], "backup encrypts with it", waysOut);
  if (backup.to.kind === "sftp") yield* missing(secrets, ["backupSshKey"], "backup.to is kind sftp", waysOut);
  if (backup.to.kind === "s3")
    yield* missing(secrets, ["backupS3AccessKey", "backupS3SecretKey"], "backup.to is kind s3", waysOut);
}

function* validateNotify({ notify }: Settings, secrets: ClearSecrets, waysOut: WaysOut): Problems {
  if (notify?.kind === "webhook") yield* missing(secrets, ["notifyUrl"], "notify is kind webhook", waysOut);
}

function* validateCertificate(
  { variant, containerRegistry }: Settings,
  secrets: ClearSecrets,
  waysOut: WaysOut,
): Problems {
  if (variant.kind !== "host" && variant.kind !== "cluster") return;
  if (variant.tls.kind !== "provided") return;
  yield* missing(secrets, ["tlsCertificate", "tlsKey"], "variant.tls is kind provided", waysOut);
  const pair = parsedPair(secrets);
  if (!pair) return;

  const { name } = splitHost(containerRegistry.host);
  const { certificate, key } = pair;
  if (!certificate.checkPrivateKey(key)) yield { name: "tlsKey", message: "is not tlsCertificate's key" };
  const known = !hasPlaceholder(name);
  if (known && (isIPv4(name) ? certificate.checkIP(name) : certificate.checkHost(name)) === undefined)
    yield {
      name: "tlsCertificate",
      message: `is not for ${name} but for ${certificate.subjectAltName ?? "no name at all"}`,
    };
  if (Date.parse(certificate.validTo) < Date.now())
    yield { name: "tlsCertificate", message: `ended on ${certificate.validTo}; nodes refuse it: give a new one` };
}

/** The parsed certificate and key; undefined if one is missing or malformed, which other checks report. */
function parsedPair({ tlsCertificate, tlsKey }: ClearSecrets) {
  if (tlsCertificate === undefined || tlsKey === undefined) return undefined;
  try {
    return { certificate: new X509Certificate(tlsCertificate), key: createPrivateKey(tlsKey) };
  } catch {
    return undefined;
  }
}

function* missing(secrets: ClearSecrets, names: readonly SecretName[], why: string, waysOut: WaysOut): Problems {
  for (const name of names)
    if (secrets[name] === undefined) yield { name, message: `missing: ${why}; ${waysOut.set(name)}` };
}

function unwanted(name: SecretName, why: string, waysOut: WaysOut): SecretProblem {
  return { name, message: `${why}; ${waysOut.remove(name)}` };
}
