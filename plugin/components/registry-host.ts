import { z } from "zod";
import { prepareRegistry } from "../../components/prepare-registry.ts";
import { requireBuiltUi } from "../../hosts/sending/built-ui.ts";
import type { Settings } from "../../settings/settings.ts";
import { StackKeys } from "../../settings/stack-keys.ts";
import { HostVariant } from "../../settings/variants/host.ts";
import type { PackageComponent } from "../component.ts";
import { checkRegistry, outputsOf, registryOutputs, registrySettings } from "./registry.ts";

export const registryHost: PackageComponent<Settings> = {
  name: "RegistryHost",
  description:
    "A container registry on one machine, which commands over SSH set up: distribution behind the proxy Caddy, with TLS and accounts",
  settings: z.strictObject({
    ...registrySettings,
    variant: HostVariant.omit({ kind: true }).describe("The machine, and how it serves"),
    notify: StackKeys.shape.notify,
  }),
  secrets: [
    "sshPrivateKey",
    "passwords",
    "htpasswd",
    "tlsCertificate",
    "tlsKey",
    "backupPassword",
    "backupSshKey",
    "backupS3AccessKey",
    "backupS3SecretKey",
    "notifyUrl",
  ],
  hasEndpoint: false,
  outputs: registryOutputs,
  check: (settings, secrets) => checkRegistry("host", settings, secrets),
  async create({ name, checked: settings, secrets, owner, parent }) {
    requireBuiltUi(settings);
    const createRegistry = await prepareRegistry(settings, noCluster);
    return outputsOf(createRegistry({ name, secrets, owner, options: { parent } }), settings);
  },
};

const noCluster = {
  get(): never {
    throw new Error("a registry on a host needs no cluster");
  },
};
