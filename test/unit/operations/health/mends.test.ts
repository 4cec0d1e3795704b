import { expect, it } from "vitest";
import { mendsOf } from "../../../../operations/health/mends.ts";
import { changed, clusterStack, existingStack, hostStack, parsed, type Stack } from "../../settings/stacks.ts";

const renewed = "npm run -s registry -- renew --stack dev";

it.each<[string, Stack, string]>([
  ["the proxy's, by ACME", hostStack, renewed],
  ["the stack's own CA's", changed(hostStack, { "variant.tls": { kind: "private-ca" } }), "pulumi up --stack dev"],
  [
    "somebody's, who provides it,",
    changed(clusterStack, { "variant.tls": { kind: "cert-manager", issuer: "ClusterIssuer/ca" } }),
    renewed,
  ],
  ["an existing registry's", existingStack, "ask who runs the registry to renew it"],
])("a certificate that was not renewed › if it is %s has its own mend", (_, stack, renew) => {
  const { settings } = parsed(stack);
  expect(mendsOf({ settings, options: ["--stack", "dev"], kubernetes: {} })).toMatchObject({ renew });
});
