import { backupsInProduction } from "./policies/backups-in-production.ts";
import { immutableReleaseTags } from "./policies/immutable-release-tags.ts";
import { noPlainHttp } from "./policies/no-plain-http.ts";
import { noPushEverywhere } from "./policies/no-push-everywhere.ts";
import { pinnedHostKeys } from "./policies/pinned-host-keys.ts";
import type { Policy } from "./policy.ts";

/** Every policy of the pack; docs/policies.md describes them. */
export const policies: readonly Policy[] = [
  noPlainHttp,
  pinnedHostKeys,
  backupsInProduction,
  noPushEverywhere,
  immutableReleaseTags,
];
