import { namespace } from "../namespace.ts";
import type { SecretName } from "./secrets.ts";

/** How a user sets or removes a secret: the end of an error's sentence. */
export type WaysOut = {
  set(name: SecretName): string;
  /** Sets a secret that is a file's text. */
  setFile(name: SecretName): string;
  remove(name: SecretName): string;
};

/** How a user of a stack file does. With the namespace, so that the command is right in a project of any name. */
export const inStackFile: WaysOut = {
  set: (name) => `pulumi config set --secret ${namespace}${name}`,
  setFile: (name) => `cat KEYFILE | pulumi config set --secret ${namespace}${name}`,
  remove: (name) => `remove it: pulumi config rm ${namespace}${name}`,
};
