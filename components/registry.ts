import type { Secrets } from "../settings/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { existingRegistry } from "./existing-registry.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";
import { RegistryHost } from "./registry-host.ts";

/** The registry of the stack's variant, as the endpoint that all the rest works with. */
export function registry(
  { variant, containerRegistry, accounts, nodes }: Settings,
  secrets: Secrets,
): RegistryEndpoint {
  switch (variant.kind) {
    case "host": {
      const { passwords, sshPrivateKey, tlsCertificate: chain, tlsKey: key } = secrets;
      const certificate = chain && key && { chain, key };
      const host = new RegistryHost("registry", {
        variant,
        containerRegistry,
        accounts,
        passwords,
        sshPrivateKey,
        certificate,
        probed: nodes.some(({ verify }) => verify === "pull"),
      });
      return host.endpoint;
    }
    case "existing": {
      const { registryUsername: username, registryPassword: password } = secrets;
      return existingRegistry({ variant, containerRegistry, username, password });
    }
    case "cluster":
    case "hybrid":
      throw new Error(`variant ${variant.kind} passed settings/landed.ts, but no component makes it`);
  }
}
