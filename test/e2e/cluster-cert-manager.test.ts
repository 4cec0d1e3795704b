import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeDefinitions } from "../../lab/cert-manager/definitions.ts";
import { startCertManager } from "../../lab/cert-manager/start-cert-manager.ts";
import { trust } from "../../lab/clients.ts";
import { type Machine, startMachine } from "../../lab/machine.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "./cluster-registry-stack.ts";
import { gateAnswers } from "./gate-answers.ts";
import { request } from "./request.ts";

const name = "cert-manager-registry";

let registry: ClusterRegistryStack;
let client: Machine;
let certManager: AsyncDisposable | undefined;

beforeAll(async () => {
  [registry, client] = await Promise.all([
    clusterRegistryStack({
      name,
      variant: { tls: { kind: "cert-manager" }, deleteData: true },
      config: { pullSecrets: [{ namespace: name, name: "pull", account: "jenkins", defaultServiceAccount: true }] },
    }),
    startMachine({ name: "cert-manager-client", kind: "client" }),
  ]);
  await removeDefinitions(registry.cluster.kubectl);
});
afterAll(async () => {
  // The definitions last: what the stack made of them is waited for as it goes.
  for (const each of [registry, certManager, client]) await each?.[Symbol.asyncDispose]();
});

describe("a registry with tls: cert-manager", () => {
  it("says what is missing in a cluster without cert-manager, and makes none of it", async () => {
    await expect(registry.stack.up()).rejects.toThrow("cert-manager, to be installed first");
    const made = ["get", "deployments,ingresses,services", "--namespace", name, "--output", "name"];
    expect(await registry.cluster.kubectl(made)).toBe("");
  });

  it("shows what the stand-in for cert-manager signed, under an authority for the world outside", async () => {
    certManager = await startCertManager({ kubectl: registry.cluster.kubectl, namespace: name });
    await registry.stack.up({ preview: true });
    const ca = String((await registry.stack.outputs()).registryCa);
    const authority = new X509Certificate(ca);
    expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
    const url = `https://${registry.host}/v2/`;
    expect(await request(client, url)).toMatchObject({ status: 0, failure: expect.stringContaining("certificate") });
    await trust(client, registry.host, ca);
    await gateAnswers(client, `https://${registry.host}`);
    const credentials = { name: "jenkins", password: await registry.password("jenkins") };
    expect(await request(client, url, { credentials })).toMatchObject({ status: 200 });
  });

  it("gives pods beside it what they pull with, in the namespace that came with it", async () => {
    const at = ["--namespace", name, "--output"];
    const account = ["get", "serviceaccount", "default", ...at, "jsonpath={.imagePullSecrets[*].name}"];
    expect(await registry.cluster.kubectl(account)).toBe("pull");
    const data = ["get", "secret", "pull", ...at, "jsonpath={.data.\\.dockerconfigjson}"];
    const { auths } = JSON.parse(Buffer.from(await registry.cluster.kubectl(data), "base64").toString());
    expect(auths).toMatchObject({ [registry.host]: { password: await registry.password("jenkins") } });
  });

  it("has nothing to do the second time", async () => {
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});
