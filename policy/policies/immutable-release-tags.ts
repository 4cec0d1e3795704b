import type { Policy } from "../policy.ts";
import { registryOf } from "../registry.ts";

/** A registry beside a kind cluster is exempt: it has what one developer tries out. */
export const immutableReleaseTags: Policy = {
  name: "immutable-release-tags",
  description: "A registry that this stack runs, on a host or in a cluster, has immutable tags.",
  *violations(resource) {
    const registry = registryOf(resource);
    if (registry?.variant !== "host" && registry?.variant !== "cluster") return;
    if (!registry.settings.immutableTags?.length)
      yield 'whoever may push can overwrite a release; list the tags of releases, as in immutableTags: ["**:v*"]';
  },
};
