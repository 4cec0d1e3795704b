import { X509Certificate } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { removeDefinitions } from "../../../lab/cert-manager/definitions.ts";
import { startCertManager } from "../../../lab/cert-manager/start-cert-manager.ts";
import { allowPlainHttp, type ClientName, clients, trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import * as prometheusOperator from "../../../lab/prometheus/definitions.ts";
import { issueCertificate, newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";
import { clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { scrapedTargets } from "../support/cluster/scraped-targets.ts";
import { request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const name = "cert-manager-registry";

const world = withWorld(async ({ use, defer }) => {
  const [registry, client] = await Promise.all([
    clusterRegistryStack({
      name,
      accounts: [
        { name: "jenkins", push: ["**"], delete: ["**"] },
        { name: "prometheus", expires: "2099-12-31" },
      ],
      variant: { tls: { kind: "cert-manager" }, deleteData: true },
      config: { pullSecrets: [{ namespace: name, name: "pull", account: "jenkins", defaultServiceAccount: true }] },
    }),
    startMachine({ name: "cert-manager-client", kind: "client" }),
  ]);
  use(client);
  // The registry is removed before cert-manager, because its removal waits until its cert-manager objects are deleted.
  const certManager: { started?: AsyncDisposable } = {};
  defer(() => certManager.started?.[Symbol.asyncDispose]());
  use(registry);
  const { kubectl } = registry.cluster;
  await Promise.all([removeDefinitions(kubectl), prometheusOperator.removeDefinitions(kubectl)]);
  defer(() => prometheusOperator.removeDefinitions(kubectl));
  return { registry, client, certManager };
});

describe("a registry with tls: cert-manager", () => {
  it("says what is missing in a cluster without cert-manager, and makes none of it", async () => {
    const { registry } = world();
    await expect(registry.stack.up()).rejects.toThrow("cert-manager, to be installed first");
    const created = ["get", "deployments,ingresses,services", "--namespace", name, "--output", "name"];
    expect(await registry.cluster.kubectl(created)).toBe("");
  });
});

describe("the same registry with monitoring.serviceMonitor, once cert-manager is there", () => {
  withWorld(async () => {
    const { registry, certManager } = world();
    certManager.started = await startCertManager({ kubectl: registry.cluster.kubectl, namespace: name });
    const serviceMonitor = { labels: { release: "lab" } };
    await registry.stack.setConfig({ monitoring: { account: "prometheus", serviceMonitor } });
  });

  it("says what is missing in a cluster without the Prometheus operator", async () => {
    const { stack } = world().registry;
    await expect(stack.preview()).rejects.toThrow(
      "Prometheus operator, to be installed first: https://prometheus-operator.dev/docs/getting-started/installation/",
    );
  });
});

describe("the same registry, once both are there", () => {
  const issued = withWorld(async () => {
    const { registry } = world();
    await prometheusOperator.installDefinitions(registry.cluster.kubectl);
    await registry.stack.up({ preview: true });
    // The PEM text of the CA with which cert-manager issues certificates.
    return { ca: String((await registry.stack.outputs()).registryCa) };
  });

  it("shows what the fake for cert-manager signed, and gives clients its CA", async () => {
    const { registry, client } = world();
    const { ca } = issued();
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
    const { registry } = world();
    const at = ["--namespace", name, "--output"];
    const account = ["get", "serviceaccount", "default", ...at, "jsonpath={.imagePullSecrets[*].name}"];
    expect(await registry.cluster.kubectl(account)).toBe("pull");
    const data = ["get", "secret", "pull", ...at, "jsonpath={.data.\\.dockerconfigjson}"];
    const { auths } = JSON.parse(Buffer.from(await registry.cluster.kubectl(data), "base64").toString());
    expect(auths).toMatchObject({ [registry.host]: { password: await registry.password("jenkins") } });
  });

  it("is read by Prometheus with the password of the account that may, as its ServiceMonitor describes", async () => {
    const { cluster } = world().registry;
    const ofPrometheus = ["get", "servicemonitors", "--selector", "release=lab", "--namespace", name];
    expect(await cluster.kubectl([...ofPrometheus, "--output", "name"])).toBe(
      "servicemonitor.monitoring.coreos.com/registry",
    );
    expect(await scrapedTargets(cluster, name, "registry")).toEqual([
      { job: "registry", status: 200, metrics: expect.stringContaining("registry_storage_action_seconds") },
      { job: "registry-proxy", status: 200, metrics: expect.stringContaining("caddy_http_requests_total") },
      { job: "registry-stack", status: 200, metrics: expect.stringContaining("account_expiry_timestamp_seconds") },
    ]);
  });

  it("has nothing to do the second time", async () => {
    await world().registry.stack.up({ flags: ["--expect-no-changes"] });
  });

  describe("changed in place", () => {
    it("shows what a stack provides, which cert-manager does not touch, and real clients check it", async () => {
      const { registry, client } = world();
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
      const { registry, client } = world();
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
      const { registry, client } = world();
      await upWith({ kind: "cert-manager" }, { ingressClassName: undefined });
      const ofIngress = ["get", "ingress", "registry-ingress", "--namespace", name, "--output"];
      expect(await registry.cluster.kubectl([...ofIngress, "jsonpath={.spec.ingressClassName}"])).toBe("traefik");
      expect((await registry.stack.outputs()).registryCa).toBe(issued().ca);
      const issuer = new X509Certificate(issued().ca).publicKey;
      const shown = () => servedCertificate(client, registry.host);
      await vi.waitUntil(async () => (await shown()).verify(issuer), followed);
      await trust(client, registry.host, issued().ca);
      await proxyAnswers(client, `https://${registry.host}`);
      await registry.stack.up({ flags: ["--expect-no-changes"] });
    });
  });
});

/** How long to wait for the ingress controller, which reads changed Ingresses at most every two seconds. */
const followed = { timeout: 90_000, interval: 200 };

async function upWith(tls: object, changes: object = {}) {
  const { stack, variant } = world().registry;
  await stack.setConfig({ variant: { ...variant, tls, ...changes } });
  return stack.up();
}

/** Pushes an image and pulls it with each client. They use the registry's host name, and so connect through the Ingress. */
async function pulls(by: ClientName[], tag: string): Promise<void> {
  const { registry, client } = world();
  const reference = `${registry.host}/p2c/shop:${tag}`;
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  const pushed = await clients.docker.push(client, await testImage(client), reference, jenkins);
  expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
  for (const each of by) expect([each, await clients[each].pull(client, reference)]).toEqual([each, pushed]);
}
