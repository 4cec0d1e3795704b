import type { Flux } from "../consumers/flux.ts";
import { type Jenkins, jenkinsGets } from "../consumers/jenkins.ts";
import { KubernetesName } from "../formats/kubernetes-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import { validatePullingAccount } from "./pulling-account.ts";
import { repeated } from "./repeated.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the consumers that get the registry's credentials: Jenkins, pull secrets and Flux. */
export function* validateConsumers(settings: StackKeys): Iterable<ValidationError> {
  const { jenkins, flux, pullSecrets, containerRegistry } = settings;
  if (jenkins) yield* validateJenkins(jenkins, settings);
  if (flux) yield* validateFlux(flux);

  yield* repeatedPullSecrets(settings);
  for (const [index, { account }] of pullSecrets.entries())
    yield* validatePullingAccount(["pullSecrets", index, "account"], account, settings, true);
  if (flux)
    yield* validatePullingAccount(["flux", "account"], flux.account, settings, containerRegistry.requiresAuthForPull);
}

/** Two pull secrets of one name in one namespace. */
export function* repeatedPullSecrets({ pullSecrets }: Pick<StackKeys, "pullSecrets">): Iterable<ValidationError> {
  for (const { entry, index, first } of repeated(pullSecrets, ({ namespace, name }) => `${namespace}/${name}`))
    yield {
      path: ["pullSecrets", index, "name"],
      input: entry.name,
      message: `is pullSecrets[${first}] in that namespace`,
    };
}

/** What the rules of `jenkins` concern beside that key. */
type JenkinsSettings = Pick<StackKeys, "mavenRegistry"> & {
  jenkins?: Jenkins;
  variant: { kind: StackKeys["variant"]["kind"] };
  containerRegistry: Pick<StackKeys["containerRegistry"], "account" | "credentialId">;
};

/** Rules of `jenkins`. */
export function* validateJenkins(jenkins: Jenkins, settings: JenkinsSettings): Iterable<ValidationError> {
  const { containerRegistry, mavenRegistry, variant } = settings;
  const { url, caFile, credentials = [] } = jenkins;
  if (caFile !== undefined && url.startsWith("http:"))
    yield {
      path: ["jenkins", "caFile"],
      input: caFile,
      message: "has no use with an http URL; use https, or remove it",
    };

  if (jenkins.via === "kubernetes" && jenkins.namespace === undefined)
    yield {
      path: ["jenkins", "namespace"],
      message:
        "missing: the namespace where Jenkins' kubernetes-credentials-provider plugin reads Secrets, for example jenkins",
    };
  if (jenkins.via !== "kubernetes" && jenkins.namespace !== undefined)
    yield {
      path: ["jenkins", "namespace"],
      input: jenkins.namespace,
      message: "is for via: kubernetes; remove it, or set via",
    };

  const container = jenkinsGets("container", settings);
  if (container && variant.kind !== "existing" && containerRegistry.account === undefined)
    yield { path: ["containerRegistry", "account"], message: "missing: whose credentials jenkins gets, as in jenkins" };

  const location = ({ folder = "", domain = "", id }: (typeof credentials)[number]) => `${folder}|${domain}|${id}`;
  for (const { entry, index, first } of repeated(credentials, location))
    yield {
      path: ["jenkins", "credentials", index, "id"],
      input: entry.id,
      message: `is jenkins.credentials[${first}]`,
    };
  for (const [index, entry] of credentials.entries()) {
    const { kind, of } = entry;
    const path = ["jenkins", "credentials", index];
    if (of === "maven" && mavenRegistry === undefined)
      yield { path: [...path, "of"], input: of, message: "there is no mavenRegistry; add it, or remove this entry" };
    if (of === "host" && kind === "username-password")
      yield { path: [...path, "kind"], input: kind, message: "a host name is one text; use secret-text" };
    for (const key of ["folder", "domain"] as const)
      if (entry[key] !== undefined && !locationKeys[jenkins.via].includes(key))
        yield {
          path: [...path, key],
          input: entry[key],
          message: `via: ${jenkins.via} knows none; remove it, or use via: rest`,
        };
  }
  if (jenkins.via === "kubernetes") yield* validateSecretNames(settings);
}

/** The keys that, besides its id, select where Jenkins stores a credential, by the value of `via`. */
const locationKeys: Record<Jenkins["via"], readonly string[]> = {
  rest: ["folder", "domain"],
  casc: ["domain"],
  kubernetes: [],
};

/**
 * With `via: kubernetes` a credential's id must be a valid Secret name, because the kubernetes-credentials-provider
 * uses the Secret's name as the id.
 */
function* validateSecretNames({
  jenkins,
  containerRegistry,
  mavenRegistry,
}: JenkinsSettings): Iterable<ValidationError> {
  const listed = jenkins?.credentials?.map(({ id }, index) => ({ path: ["jenkins", "credentials", index, "id"], id }));
  const ids = listed ?? [
    { path: ["containerRegistry", "credentialId"], id: containerRegistry.credentialId },
    { path: ["mavenRegistry", "credentialId"], id: mavenRegistry?.credentialId },
  ];
  for (const { path, id } of ids)
    if (id !== undefined && !KubernetesName.safeParse(id).success)
      yield {
        path,
        input: id,
        message: "is a Secret's name with via: kubernetes: lower-case letters, digits, dashes and dots",
      };
}

function* validateFlux({ images, policies }: Flux): Iterable<ValidationError> {
  for (const { entry, index, first } of repeated(images, ({ name }) => name))
    yield {
      path: ["flux", "images", index, "name"],
      input: entry.name,
      message: `flux.images[${first}] has that name`,
    };
  for (const { entry, index, first } of repeated(policies, ({ name }) => name))
    yield {
      path: ["flux", "policies", index, "name"],
      input: entry.name,
      message: `flux.policies[${first}] has that name`,
    };
  for (const [index, { image }] of policies.entries())
    if (!images.some(({ name }) => name === image))
      yield { path: ["flux", "policies", index, "image"], input: image, message: "is no name of flux.images" };
}
