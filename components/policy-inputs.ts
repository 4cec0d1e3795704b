import type { Account } from "../settings/accounts.ts";
import type { Backup } from "../settings/backup.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { ClusterVariant } from "../settings/variants/cluster.ts";
import type { ClusterTls, ExistingTls, HostTls } from "../settings/variants/tls.ts";

/** What a registry's component is created from, as far as policies judge it. */
type Judged = {
  containerRegistry: ContainerRegistry;
  variant: { kind: string; tls?: HostTls | ClusterTls | ExistingTls; storage?: ClusterVariant["storage"] };
  accounts?: readonly Account[];
  immutableTags?: readonly string[];
  backup?: Backup;
};

/**
 * The inputs of a registry's component. A policy pack sees the inputs of resources and no stack file, so these are the
 * settings that policies judge, under their names in the stack file. None is secret.
 */
export function policyInputs({ containerRegistry, variant, accounts, immutableTags, backup }: Judged) {
  const { account, requiresAuthForPull } = containerRegistry;
  const { tls, storage } = variant;
  return { account, requiresAuthForPull, tls, storage, accounts, immutableTags, backup };
}

/** As a policy reads them: what is undefined here is no input. */
export type PolicyInputs = ReturnType<typeof policyInputs>;
