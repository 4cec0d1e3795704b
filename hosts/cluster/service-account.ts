import { createHash } from "node:crypto";
import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/** A namespace's default ServiceAccount, as far as pull secrets go. */
export type DefaultServiceAccount = {
  metadata: { uid?: string; resourceVersion?: string; annotations?: Record<string, string> };
  imagePullSecrets?: { name?: string }[];
};

/**
 * What the ServiceAccount is to be annotated with: what it has, where all is well, and something new where the Secret is
 * missing. As an input of the command that puts it there, it has the next `up` put back what somebody took out.
 */
export function pullSecretMark(secret: string, { metadata, imagePullSecrets = [] }: DefaultServiceAccount): string {
  const mark = metadata.annotations?.[markKey(secret)];
  if (imagePullSecrets.some(({ name }) => name === secret)) return mark ?? `${secret} was there before`;
  return `${secret} ${hash(`${metadata.uid} ${metadata.resourceVersion}`)}`;
}

/** The command for this machine that waits for a namespace's default ServiceAccount, by kubectl. Reads the kubeconfig. */
export function awaitServiceAccount(target: NamespaceTarget): string {
  return `${program(target, {})}await_account\n`;
}

/**
 * Commands for this machine that add a Secret to those that the default ServiceAccount's pods pull with, and take it out:
 * the list is one value to the API, so that no object of Pulumi's can own one line of it. Their standard input is the
 * kubeconfig: text, path, or empty for kubectl's own.
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

/** An annotation's name is short, a Secret's may be long. */
function markKey(secret: string): string {
  return `container-registry/pull-secret-${hash(secret)}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
