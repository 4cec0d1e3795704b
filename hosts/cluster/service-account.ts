import { createHash } from "node:crypto";
import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/** The fields of a namespace's default ServiceAccount that concern pull secrets. */
export type DefaultServiceAccount = {
  metadata: { uid?: string; resourceVersion?: string; annotations?: Record<string, string> };
  imagePullSecrets?: { name?: string }[];
};

/**
 * The annotation that the ServiceAccount should have. While the Secret is in the account's list, the annotation stays as
 * it is. If the Secret is missing, this is a new value. The value is an input of the command that adds the Secret, so a
 * new value makes the next `up` add the Secret again.
 */
export function pullSecretMark(secret: string, { metadata, imagePullSecrets = [] }: DefaultServiceAccount): string {
  const mark = metadata.annotations?.[markKey(secret)];
  if (imagePullSecrets.some(({ name }) => name === secret)) return mark ?? `${secret} was there before`;
  return `${secret} ${hash(`${metadata.uid} ${metadata.resourceVersion}`)}`;
}

/** Command for this machine that waits for a namespace's default ServiceAccount. Its standard input is the kubeconfig. */
export function awaitServiceAccount(target: NamespaceTarget): string {
  return `${program(target, {})}await_account\n`;
}

/**
 * Commands for this machine that add a Secret to the default ServiceAccount's imagePullSecrets and remove it again. They
 * use kubectl because the API treats the list as one value, so no Pulumi resource can own a single entry. Their standard
 * input is the kubeconfig: its text, its path, or nothing for kubectl's default kubeconfig.
 */
export function serviceAccountCommands(secret: string, mark: string, target: NamespaceTarget) {
  const variables = { secret, key: markKey(secret) };
  return {
    create: `${program(target, { ...variables, mark })}place_pull_secret\n`,
    delete: `${program(target, variables)}remove_pull_secret\n`,
  };
}

function program(target: NamespaceTarget, variables: Record<string, string>): string {
  const texts = {
    purpose: "pullSecrets with defaultServiceAccount change a ServiceAccount",
    what: `ServiceAccount default in namespace ${target.namespace}`,
  };
  const own = shellFiles(new URL("./", import.meta.url), ["pull-secret"]);
  return `${kubectlProgram(target, texts, variables)}${own}`;
}

/** The annotation's key. It contains a hash, since a Secret's name may be longer than Kubernetes allows for a key. */
function markKey(secret: string): string {
  return `container-registry/pull-secret-${hash(secret)}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
