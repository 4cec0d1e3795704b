import { X509Certificate } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { startCertManager } from "../../lab/cert-manager/start-cert-manager.ts";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { withWorld } from "../with-world.ts";
import { step } from "./step.ts";

const namespace = "issued";

const api = withWorld(async ({ use }) => {
  const api = use(await startApiServer());
  await api.kubectl(["create", "namespace", namespace]);
  use(await startCertManager({ kubectl: api.kubectl, namespace }));
  return api;
});

describe("the fake for cert-manager", () => {
  it("signs Certificates, and signs them anew where they or their Secrets changed", async () => {
    await step("signs by an authority that signed itself, whatever the order they were asked for", async () => {
      await apply(leaf("leaf"), issuer("by-ca", { ca: { secretName: "authority" } }));
      await says("certificate/leaf", "Issuing certificate as Secret does not exist");
      await says("issuer/by-ca", 'Error getting keypair for CA issuer: secrets "authority" not found');
      await apply(issuer("by-itself", { selfSigned: {} }), authority);
      await says("certificate/leaf", "Certificate is up to date and has not expired");

      const ca = await pem("authority", "tls.crt");
      const issued = await pem("leaf", "tls.crt");
      expect(ca.ca && ca.verify(ca.publicKey) && !issued.ca && issued.verify(ca.publicKey)).toBe(true);
      expect((await pem("leaf", "ca.crt")).fingerprint256).toBe(ca.fingerprint256);
      expect(issued.checkHost("registry.example.org")).toBe("registry.example.org");
      expect(issued.checkIP("192.0.2.1")).toBe("192.0.2.1");
      expect(Math.round((Date.parse(issued.validTo) - Date.now()) / 3_600_000)).toBe(2160);
      expect(await api().kubectl(["get", "secret", "leaf", ...inNamespace, "--output=jsonpath={.type}"])).toBe(
        "kubernetes.io/tls",
      );
    });

    await step("signs anew what is asked for otherwise, with the same key where it is not to rotate", async () => {
      const [before, ca] = [await pem("leaf", "tls.crt"), await pem("authority", "tls.crt")];
      await apply(leaf("leaf", ["other.example.org"]), {
        ...authority,
        spec: { ...authority.spec, commonName: "New" },
      });
      await says("certificate/leaf", "Certificate is up to date and has not expired", 2);
      await says("certificate/authority", "Certificate is up to date and has not expired", 2);
      const [after, newCa] = [await pem("leaf", "tls.crt"), await pem("authority", "tls.crt")];
      expect(after.checkHost("other.example.org")).toBe("other.example.org");
      expect(after.publicKey.equals(before.publicKey)).toBe(false);
      expect(newCa.subject).toBe("CN=New");
      expect(newCa.publicKey.equals(ca.publicKey)).toBe(true);
    });

    await step("keeps the Secret of a Certificate that is made again", async () => {
      const before = await pem("leaf", "tls.crt");
      await api().kubectl(["delete", "certificate", "leaf", ...inNamespace]);
      await apply(leaf("leaf", ["other.example.org"]));
      await says("certificate/leaf", "Certificate is up to date and has not expired");
      expect((await pem("leaf", "tls.crt")).fingerprint256).toBe(before.fingerprint256);
    });

    await step("signs anew where somebody else wrote into its Secret", async () => {
      const before = await pem("leaf", "tls.crt");
      const foreign = JSON.stringify({ stringData: { "tls.crt": "somebody", "tls.key": "else" } });
      await api().kubectl(["patch", "secret", "leaf", ...inNamespace, "--type=merge", "--patch", foreign]);
      const again = () => pem("leaf", "tls.crt").catch(() => undefined);
      const signed = await vi.waitUntil(again, { timeout: 120_000, interval: 200 });
      expect(signed.checkHost("other.example.org")).toBe("other.example.org");
      expect(signed.fingerprint256).not.toBe(before.fingerprint256);
    });
  });

  it.each([
    ["issuer", issuer("acme", { acme: { server: "https://acme.example.org", privateKeySecretRef: { name: "key" } } })],
    ["certificate", certificate("odd", { ...leaf("odd").spec, uris: ["spiffe://example.org"] })],
  ])("says of another %s that it does not support it", async (kind, object) => {
    await apply(object);
    await says(`${kind}/${object.metadata.name}`, "not supported by the lab's fake for cert-manager");
  });

  it("takes the definitions along at its end", async () => {
    await using api = await startApiServer();
    const certManager = await startCertManager({ kubectl: api.kubectl, namespace });
    const definitions = () => api.kubectl(["get", "customresourcedefinitions", "--output=name"]);
    expect(await definitions()).not.toBe("");
    await certManager[Symbol.asyncDispose]();
    expect(await definitions()).toBe("");
  });
});

const inNamespace = ["--namespace", namespace];
const api1 = "cert-manager.io/v1";

const authority = certificate("authority", {
  secretName: "authority",
  isCA: true,
  commonName: "An authority",
  privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
  issuerRef: { kind: "Issuer", name: "by-itself" },
});

function leaf(name: string, dnsNames = ["registry.example.org"]) {
  return certificate(name, { secretName: name, dnsNames, ipAddresses: ["192.0.2.1"], issuerRef: { name: "by-ca" } });
}

function certificate(name: string, spec: object) {
  return { apiVersion: api1, kind: "Certificate", metadata: { name, namespace }, spec };
}

function issuer(name: string, spec: object) {
  return { apiVersion: api1, kind: "Issuer", metadata: { name, namespace }, spec };
}

async function apply(...items: object[]): Promise<void> {
  await api().kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** Waits for that message of the condition Ready, and for that revision where one is given. */
async function says(object: string, message: string, revision?: number): Promise<void> {
  await expect
    .poll(async () => JSON.parse(await api().kubectl(["get", object, ...inNamespace, "--output=json"])).status, {
      timeout: 60_000,
      interval: 200,
    })
    .toMatchObject({
      conditions: [{ type: "Ready", message: expect.stringContaining(message) }],
      ...(revision && { revision }),
    });
}

async function pem(secret: string, key: string): Promise<X509Certificate> {
  const path = `jsonpath={.data.${key.replace(".", "\\.")}}`;
  const text = await api().kubectl(["get", "secret", secret, ...inNamespace, "--output", path]);
  return new X509Certificate(Buffer.from(text, "base64"));
}
