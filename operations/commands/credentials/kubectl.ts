import { dockerConfig, dockerConfigType } from "../../../render/pull-secret.ts";
import type { RegistryLogin } from "./login.ts";
import { kubectlApply, secretManifest } from "./secret-manifest.ts";

/** Shell lines that create the Secret with which pods pull images. */
export function kubectlLines({
  host,
  username,
  password,
  namespace = "default",
  name = "registry",
}: RegistryLogin): string[] {
  const config = dockerConfig({ hosts: [host], username, password });
  return [
    "# Not `kubectl create secret docker-registry`: it takes the password as an argument, which process lists show.",
    kubectlApply([secretManifest({ name, namespace }, dockerConfigType, config)]),
    `# Pods name it: spec.imagePullSecrets: [{ name: ${name} }]. A stack keeps such Secrets by pullSecrets.`,
  ];
}
