import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ensurePrograms } from "../../lab/debian/debian.ts";
import { isSecret, type PropertyMap, unknown } from "../../lab/pulumi-fakes/plugin/property.ts";
import { certRequest } from "../../lab/pulumi-fakes/tls/cert-request.ts";
import { locallySignedCert } from "../../lab/pulumi-fakes/tls/locally-signed-cert.ts";
import { privateKey } from "../../lab/pulumi-fakes/tls/private-key.ts";
import { selfSignedCert } from "../../lab/pulumi-fakes/tls/self-signed-cert.ts";
import { checked, create, recordedLog, update } from "./resource-calls.ts";

beforeAll(() =>
  ensurePrograms(
    { openssl: ["openssl"], "ssh-keygen": ["openssh-client"] },
    "these tests read keys and certificates with openssl and ssh-keygen: install them first",
  ),
);

const revealed = (value: unknown) => (isSecret(value as PropertyMap) ? String((value as PropertyMap).value) : "");
const newKey = async (inputs: PropertyMap) => revealed((await create(privateKey, inputs)).privateKeyPem);

const authority = {
  isCaCertificate: true,
  validityPeriodHours: 48,
  allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
  subject: { commonName: "Lab CA", organization: "Example Ltd", country: "DE" },
};

/** A CA and a leaf it signed, with keys made as given. */
async function chain(caKey: PropertyMap, leafKey: PropertyMap, leaf: PropertyMap = {}) {
  const caPrivateKeyPem = await newKey(caKey);
  const ca = await create(selfSignedCert, { privateKeyPem: caPrivateKeyPem, ...authority });
  const request = await create(certRequest, {
    privateKeyPem: await newKey(leafKey),
    dnsNames: ["registry.example.org"],
    ipAddresses: ["192.0.2.7", "2001:db8::7"],
    uris: ["https://registry.example.org/x"],
    subject: { commonName: "registry.example.org" },
  });
  const signed = await create(locallySignedCert, {
    caCertPem: ca.certPem ?? null,
    caPrivateKeyPem,
    certRequestPem: request.certRequestPem ?? null,
    validityPeriodHours: 24,
    allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
    ...leaf,
  });
  return { caPrivateKeyPem, ca, request, signed };
}

const keys = {
  RSA: { algorithm: "RSA" },
  "ECDSA P256": { algorithm: "ECDSA", ecdsaCurve: "P256" },
  "ECDSA P384": { algorithm: "ECDSA", ecdsaCurve: "P384" },
  "ECDSA P521": { algorithm: "ECDSA", ecdsaCurve: "P521" },
  ED25519: { algorithm: "ED25519" },
};

describe("PrivateKey", () => {
  it.each([
    ["RSA", "-----BEGIN RSA PRIVATE KEY-----"],
    ["ECDSA P256", "-----BEGIN EC PRIVATE KEY-----"],
    ["ED25519", "-----BEGIN PRIVATE KEY-----"],
  ] as const)("%s is written as %s", async (kind, firstLine) => {
    const state = await create(privateKey, keys[kind]);
    expect(revealed(state.privateKeyPem).split("\n")[0]).toBe(firstLine);
    expect(revealed(state.privateKeyPemPkcs8).split("\n")[0]).toBe("-----BEGIN PRIVATE KEY-----");
    const publicPem = createPublicKey(createPrivateKey(revealed(state.privateKeyPem))).export({
      type: "spki",
      format: "pem",
    });
    expect(state.publicKeyPem).toBe(publicPem);
  });

  it("has the curve P224 and 2048 bits unless told otherwise", async () => {
    const state = await create(privateKey, { algorithm: "ECDSA" });
    expect(state).toMatchObject({ ecdsaCurve: "P224", rsaBits: 2048, publicKeyOpenssh: "" });
  });

  it.each(Object.entries(keys))("%s reads the same to ssh-keygen", async (_, inputs) => {
    const state = await create(privateKey, inputs);
    const folder = await mkdtemp(join(tmpdir(), "key-"));
    const file = join(folder, "key");
    await writeFile(file, revealed(state.privateKeyOpenssh), { mode: 0o600 });
    const { stdout } = await execa("ssh-keygen", ["-y", "-f", file]);
    const { stdout: fingerprint } = await execa("ssh-keygen", ["-l", "-f", file]);
    await rm(folder, { recursive: true });
    expect(`${stdout.trim()}\n`).toBe(state.publicKeyOpenssh);
    expect(fingerprint).toContain(state.publicKeyFingerprintSha256);
  });

  it.each([
    [{ algorithm: "DSA" }, "algorithm: value must be one of: RSA, ECDSA, ED25519, got: DSA"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P1" }, "ecdsaCurve: value must be one of: P224, P256, P384, P521, got: P1"],
    [{}, "algorithm: Missing required argument"],
  ])("refuses %j", (inputs, message) => {
    expect(() => checked(privateKey, inputs)).toThrow(message);
  });
});

describe("certificates", () => {
  it.each(Object.keys(keys) as (keyof typeof keys)[])("a %s authority signs what openssl accepts", async (kind) => {
    const { ca, signed } = await chain(keys[kind], keys["ECDSA P256"]);
    const folder = await mkdtemp(join(tmpdir(), "chain-"));
    await writeFile(join(folder, "ca.crt"), String(ca.certPem));
    await writeFile(join(folder, "leaf.crt"), String(signed.certPem));
    const args = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "registry.example.org"];
    const { stdout } = await execa("openssl", ["verify", ...args, "-CAfile", "ca.crt", "leaf.crt"], { cwd: folder });
    await rm(folder, { recursive: true });
    expect(stdout).toBe("leaf.crt: OK");
  });

  it("carry the request's names and subject, and the authority's", async () => {
    const { signed } = await chain(keys.ED25519, keys.RSA);
    const leaf = new X509Certificate(String(signed.certPem));
    expect(leaf.subjectAltName).toBe(
      "DNS:registry.example.org, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7, URI:https://registry.example.org/x",
    );
    expect(leaf.subject).toBe("CN=registry.example.org");
    expect(leaf.issuer).toBe("C=DE\nO=Example Ltd\nCN=Lab CA");
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  it("say when they end, and their serial number in decimal is their id", async () => {
    const { signed } = await chain(keys.ED25519, keys.ED25519);
    const leaf = new X509Certificate(String(signed.certPem));
    const hours = (Date.parse(String(signed.validityEndTime)) - Date.parse(String(signed.validityStartTime))) / 3.6e6;
    expect(hours).toBe(24);
    expect(Date.parse(leaf.validTo)).toBe(Math.floor(Date.parse(String(signed.validityEndTime)) / 1000) * 1000);
    expect(signed.id).toBe(BigInt(`0x${leaf.serialNumber}`).toString());
    expect(signed).toMatchObject({ caKeyAlgorithm: "ED25519", readyForRenewal: false });
  });

  it("keep private keys secret, and themselves public", async () => {
    const { ca, signed, request } = await chain(keys.ED25519, keys.ED25519);
    expect([ca.privateKeyPem, signed.caPrivateKeyPem, request.privateKeyPem].every(isSecret)).toBe(true);
    expect(signed.certPem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/);
  });

  it("are refused with a key that is not the authority's", async () => {
    const { ca, request } = await chain(keys.ED25519, keys.ED25519);
    const inputs = {
      caCertPem: ca.certPem ?? null,
      caPrivateKeyPem: await newKey(keys.ED25519),
      certRequestPem: request.certRequestPem ?? null,
      validityPeriodHours: 1,
      allowedUses: [],
    };
    await expect(create(locallySignedCert, inputs)).rejects.toThrow("provided PrivateKey doesn't match parent's");
  });

  it("are refused with the curve P224, which the library does not sign with", async () => {
    const privateKeyPem = await newKey({ algorithm: "ECDSA" });
    await expect(create(selfSignedCert, { privateKeyPem, ...authority })).rejects.toThrow(
      "not supported by the lab's fake for pulumi-resource-tls",
    );
  });

  it("limit the path below an authority", async () => {
    const privateKeyPem = await newKey(keys.ED25519);
    const { certPem } = await create(selfSignedCert, { privateKeyPem, ...authority, maxPathLength: 2 });
    const { stdout } = await execa("openssl", ["x509", "-noout", "-text"], { input: String(certPem) });
    expect(stdout).toContain("CA:TRUE, pathlen:2");
  });

  it("refuse a usage that nobody knows", () => {
    const inputs = { privateKeyPem: "x", ...authority, allowedUses: ["server_auth", "anything"] };
    expect(() => checked(selfSignedCert, inputs)).toThrow(
      /^allowedUses: value must be one of: any_extended, .* got: any/,
    );
  });
});

describe("renewal", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2030, 0, 1) }));
  afterEach(() => vi.useRealTimers());

  const passHours = (hours: number) => vi.setSystemTime(Date.now() + hours * 3.6e6);
  const early = { validityPeriodHours: 24, earlyRenewalHours: 4 };

  async function leafMadeNow() {
    const created = await chain(keys.ED25519, keys.ED25519, early);
    const inputs = {
      caCertPem: created.ca.certPem ?? null,
      caPrivateKeyPem: created.caPrivateKeyPem,
      certRequestPem: created.request.certRequestPem ?? null,
      allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
      ...early,
    };
    return { state: created.signed, inputs };
  }

  /** What the engine would be told to replace for. */
  function replacedFor(state: PropertyMap, inputs: PropertyMap): string[] {
    const { changes, replaces } = locallySignedCert.diff({ oldInputs: {}, state, inputs });
    return [...changes.keys()].filter(replaces);
  }

  it.each([
    [19.9, []],
    [20, ["readyForRenewal"]],
    [30, ["readyForRenewal"]],
  ])("of 24 hours, 4 early: after %d hours an ordinary diff replaces for %j", async (hours, reasons) => {
    const { state, inputs } = await leafMadeNow();
    passHours(hours);
    expect(replacedFor(state, inputs)).toEqual(reasons);
  });

  it("only notes another earlyRenewalHours", async () => {
    const { state, inputs } = await leafMadeNow();
    expect(replacedFor(state, { ...inputs, earlyRenewalHours: 5 })).toEqual([]);
    const later = await update(locallySignedCert, state, { ...inputs, earlyRenewalHours: 5 });
    expect(later).toEqual({ ...state, earlyRenewalHours: 5 });
  });

  it("shows in a refresh", async () => {
    const { state } = await leafMadeNow();
    expect(locallySignedCert.read?.(state)).toMatchObject({ readyForRenewal: false });
    passHours(21);
    expect(locallySignedCert.read?.(state)).toMatchObject({ readyForRenewal: true });
  });

  it("of an authority replaces what it signed, in the preview already", async () => {
    const { state, inputs } = await leafMadeNow();
    expect(replacedFor(state, { ...inputs, caCertPem: unknown })).toEqual(["caCertPem"]);
  });
});

it("a preview makes no key and signs nothing", async () => {
  const inputs = { algorithm: "RSA" };
  const { id, state } = await privateKey.create({ name: "n", inputs, preview: true, log: recordedLog() });
  expect([id, state.publicKeyPem, revealed(state.privateKeyPem)]).toEqual(["", unknown, unknown]);
});
