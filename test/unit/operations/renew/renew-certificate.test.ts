import { describe, expect, it } from "vitest";
import { renewCertificate } from "../../../../operations/commands/renew/renew-certificate.ts";
import {
  changed,
  clusterStack,
  existingStack,
  hostStack,
  hybridStack,
  parsed,
  type Stack,
  traefikImages,
} from "../../settings/stacks.ts";
import { stubPrograms } from "../fake-programs.ts";

const renew = (stack: Stack) => renewCertificate({ name: "dev", options: [], kubernetes: {}, ...parsed(stack) });

const traefik = {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "variant.catalogue": "accounts",
  "containerRegistry.requiresAuthForPull": true,
};

describe("a certificate that others renew", () => {
  it.each<[string, Stack, string]>([
    [
      "cert-manager's",
      changed(clusterStack, { "variant.tls": { kind: "cert-manager" } }),
      "cmctl renew registry --namespace dso",
    ],
    ["Traefik's", changed(hostStack, traefik), "Traefik renews the certificate by itself"],
    ["an existing registry's", existingStack, "somebody else runs this registry"],
    ["none, without TLS", changed(hostStack, { "variant.tls": { kind: "none" } }), "has no TLS"],
    ["none, beside kind", hybridStack, "has no TLS"],
  ])("is not touched: %s", async (_whose, stack, message) => {
    await expect(renew(stack)).rejects.toThrow(message);
  });

  it("is not there before the first up", async () => {
    stubPrograms({ pulumi: `echo '{"deployment":{"resources":[]}}'` });
    await expect(renew(clusterStack)).rejects.toThrow("stack dev has issued no certificate yet; first: pulumi up");
  });
});
