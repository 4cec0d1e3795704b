import type { Policy } from "../policy.ts";
import { registryOf } from "../registry.ts";

export const noPushEverywhere: Policy = {
  name: "no-push-everywhere",
  description: "No account but CI's may push to every repository.",
  *violations(resource) {
    const { account: ofCi, accounts = [] } = registryOf(resource)?.settings ?? {};
    for (const { name, push } of accounts)
      if (name !== ofCi && push.some(matchesEverything))
        yield `the account ${name} may push to every repository; list those that it pushes to, as in ${name}/**, or make it CI's by containerRegistry.account`;
  },
};

/** Whether a glob consists of wildcards alone, and has one for any number of segments. */
function matchesEverything(glob: string): boolean {
  const segments = glob.split("/");
  return segments.includes("**") && segments.every((segment) => segment === "*" || segment === "**");
}
