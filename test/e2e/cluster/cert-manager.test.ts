import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { removeDefinitions } from "../../../lab/cert-manager/definitions.ts";
import { startCertManager } from "../../../lab/cert-manager/start-cert-manager.ts";
import { allowPlainHttp, type ClientName, clients, trust } from "../../../lab/clients/clients.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { issueCertificate, newCa } from "../../../lab/services/ca.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const name = "cert-manager-registry";

let registry: ClusterRegistryStack;
let client: Machine;
let certManager: AsyncDisposable | undefined;
/** The PEM text of the CA with which cert-manager issues certificates. */
let ca: string;

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
  // The registry is removed before cert-manager, because its removal waits until its cert-manager objects are deleted.
  for (const each of [registry, certManager, client]) await each?.[Symbol.asyncDispose]();
});

describe("a registry with tls: cert-manager", () => {
  it("says what is missing in a cluster without cert-manager, and makes none of it", async () => {
    await expect(registry.stack.up()).rejects.toThrow("cert-manager, to be installed first");
    const created = ["get", "deployments,ingresses,services", "--namespace", name, "--output", "name"];
    expect(await registry.cluster.kubectl(created)).toBe("");
  });

  it("shows what the fake for cert-manager signed, and gives clients its CA", async () => {
    certManager = await startCertManager({ kubectl: registry.cluster.kubectl, namespace: name });
    await registry.stack.up({ preview: true });
    ca = String((await registry.stack.outputs()).registryCa);
    const issuer = new X509Certificate(ca);
    expect(issuer.ca && issuer.verify(issuer.publicKey)).toBe(true);
    const url = `https://${registry.host}/v2/`;
    expect(await request(client, url)).toMatchObject({ status: 0, failure: expect.stringContaining("certificate") });
    await trust(client, registry.host, ca);
    await proxyAnswers(client, `https://${registry.host}`);
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

describe("the same registry, changed in place", () => {
  it("shows what a stack provides, which cert-manager does not touch, and real clients check it", async () => {
    const organization = await newCa("Example Organization");
    const own = await issueCertificate(organization, [registry.host]);
    await registry.stack.setSecret("tlsCertificate", own.certificate);
    await registry.stack.setSecret("tlsKey", own.key);
    await upWith({ kind: "provided" });
    expect((await registry.stack.outputs()).registryCa).toBe("");

    const { fingerprint256 } = new X509Certificate(own.certificate);
    const shown = async () => (await servedCertificate(client, registry.host)).fingerprint256;
    await vi.waitUntil(async () => (await shown()) === fingerprint256, followed);
    const url = `https://${registry.host}/v2/`;
    expect(await request(client, url)).toMatchObject({ status: 0, failure: expect.stringContaining("certificate") });
    await trust(client, registry.host, organization.certificate);
    await proxyAnswers(client, `https://${registry.host}`);
    await pulls(["docker", "skopeo", "crane", "ctr", "curl"], "provided");
    expect(await shown()).toBe(fingerprint256);
  });

  it("serves in plain HTTP without TLS, and says that passwords travel in clear", async () => {
    const { stdout } = await upWith({ kind: "none" });
    expect(stdout).toContain(`warning: variant.tls.kind is none: passwords for ${registry.host} travel in clear\n`);
    expect(await registry.stack.outputs()).toMatchObject({ registryUrl: `http://${registry.host}`, registryCa: "" });
    await proxyAnswers(client, `http://${registry.host}`);
    expect((await request(client, `http://${registry.host}/v2/`)).headers).toContain(
      `realm="http://${registry.host}/token"`,
    );
    await allowPlainHttp(client, registry.host);
    // crane is left out: it uses plain HTTP only for IP addresses, not for host names.
    await pulls(["docker", "skopeo", "ctr"], "plain");
  });

  it("goes back to cert-manager, with the CA that clients trusted before, and to the cluster's own class", async () => {
    await upWith({ kind: "cert-manager" }, { ingressClassName: undefined });
    const ofIngress = ["get", "ingress", "registry-ingress", "--namespace", name, "--output"];
    expect(await registry.cluster.kubectl([...ofIngress, "jsonpath={.spec.ingressClassName}"])).toBe("traefik");
    expect((await registry.stack.outputs()).registryCa).toBe(ca);
    const issued = new X509Certificate(ca).publicKey;
    const shown = () => servedCertificate(client, registry.host);
    await vi.waitUntil(async () => (await shown()).verify(issued), followed);
    await trust(client, registry.host, ca);
    await proxyAnswers(client, `https://${registry.host}`);
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

/** How long to wait for the ingress controller, which reads changed Ingresses at most every two seconds. */
const followed = { timeout: 20_000, interval: 200 };

async function upWith(tls: object, changes: object = {}) {
  const { stack, variant } = registry;
  await stack.setConfig({ variant: { ...variant, tls, ...changes } });
  return stack.up();
}

/** Pushes an image and pulls it with each client. They use the registry's host name, and so connect through the Ingress. */
async function pulls(by: ClientName[], tag: string): Promise<void> {
  const reference = `${registry.host}/p2c/shop:${tag}`;
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  const pushed = await clients.docker.push(client, await testImage(client), reference, jenkins);
  expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
  for (const each of by) expect([each, await clients[each].pull(client, reference)]).toEqual([each, pushed]);
}
