import type { PolicyInputs } from "../../components/policy-inputs.ts";
import type { Policy } from "../policy.ts";
import { registryOf, stackOf } from "../registry.ts";

/** `prod`, alone or before a dash, as in `prod-eu`. */
const production = /^prod(-|$)/;

export const backupsInProduction: Policy = {
  name: "backups-in-production",
  description: "A registry in a stack named prod, or prod-…, has backups.",
  *violations(resource) {
    const registry = registryOf(resource);
    if (!registry || !production.test(stackOf(resource)) || registry.settings.backup) return;
    if (registry.variant === "host" || (registry.variant === "cluster" && hasVolumeOfItsOwn(registry.settings)))
      yield "if its disk is lost, so are the images of this production stack; set the key backup (docs/storage.md)";
  },
};

/** Only such a volume can have the key `backup`: a bucket, or a shared file system, is backed up where it is. */
function hasVolumeOfItsOwn({ storage }: PolicyInputs): boolean {
  return storage?.kind === "volume" && storage.accessMode !== "ReadWriteMany";
}
