import { splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the Maven repository beside the registry. */
export function* validateMaven({ mavenRegistry, containerRegistry }: StackKeys): Iterable<ValidationError> {
  if (mavenRegistry === undefined) return;
  const { host, url, sameCredentials, credentialId } = mavenRegistry;
  const sameHost = host === containerRegistry.host;

  if (sameCredentials && !sameHost)
    yield {
      path: ["mavenRegistry", "sameCredentials"],
      input: sameCredentials,
      message: `would send ${containerRegistry.host}'s credentials to ${host}; set it to false, and set the secrets mavenUsername and mavenPassword`,
    };
  if (!sameCredentials && credentialId === containerRegistry.credentialId)
    yield {
      path: ["mavenRegistry", "credentialId"],
      input: credentialId,
      message: "is containerRegistry's, and the credentials differ; take another, as in maven-registry",
    };
  if (URL.canParse(url) && new URL(url).hostname !== splitHost(host).name)
    yield {
      path: ["mavenRegistry", "url"],
      input: url,
      message: `must be on the same machine as mavenRegistry.host, which is ${host}`,
    };
}
