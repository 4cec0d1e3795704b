import { describe, expect, it } from "vitest";
import { copyToRemote } from "../../../../lab/pulumi-fakes/command/copy-to-remote.ts";
import { localCommand } from "../../../../lab/pulumi-fakes/command/local-command.ts";
import { remoteCommand } from "../../../../lab/pulumi-fakes/command/remote-command.ts";
import {
  assetSignature,
  type PropertyMap,
  secret,
  signatureKey,
} from "../../../../lab/pulumi-fakes/plugin/property.ts";
import type { ResourceType } from "../../../../lab/pulumi-fakes/plugin/provider.ts";
import { randomBytes, randomId } from "../../../../lab/pulumi-fakes/random/bytes.ts";
import { randomPassword, randomString } from "../../../../lab/pulumi-fakes/random/password.ts";
import { certRequest } from "../../../../lab/pulumi-fakes/tls/cert-request.ts";
import { locallySignedCert } from "../../../../lab/pulumi-fakes/tls/locally-signed-cert.ts";
import { privateKey } from "../../../../lab/pulumi-fakes/tls/private-key.ts";
import { selfSignedCert } from "../../../../lab/pulumi-fakes/tls/self-signed-cert.ts";
import { checked, create } from "../../../engine/resource-calls.ts";

// What command 1.2.1, random 4.21.1 and tls 5.5.1 store, read from their sources. State that the fakes made must show no
// change under the official plugins.

const text = expect.any(String);
const secretText = expect.objectContaining({ [signatureKey]: expect.any(String), value: text });

describe("command", () => {
  const address = { host: "192.0.2.7", user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
  const given = {
    ...{ ...address, user: "ops", port: 2222, dialErrorLimit: 0, perDialTimeout: -1 },
    ...{ agentSocketPath: "/a", hostKey: "k" },
  };
  const asset = { [signatureKey]: assetSignature, hash: "abc", text: "hello" };

  it.each<[string, PropertyMap, PropertyMap]>([
    ["the defaults where nothing was given", { host: "192.0.2.7" }, address],
    ["the defaults where there is null", { host: "192.0.2.7", port: null, hostKey: null }, address],
    ["what was given", given, given],
    [
      "each secret field as a secret of its own",
      { ...address, password: "1", privateKey: "2", privateKeyPassword: secret("3") },
      { ...address, password: secret("1"), privateKey: secret("2"), privateKeyPassword: secret("3") },
    ],
    [
      "the same of a proxy",
      { ...address, proxy: { host: "192.0.2.1", privateKey: "2" } },
      { ...address, proxy: { ...address, host: "192.0.2.1", privateKey: secret("2") } },
    ],
    [
      "the same of a secret proxy",
      { ...address, proxy: secret({ host: "192.0.2.1", password: "1" }) },
      { ...address, proxy: secret({ ...address, host: "192.0.2.1", password: secret("1") }) },
    ],
  ])("a connection holds %s", (_, given, stored) => {
    for (const connection of [given, secret(given)]) {
      expect(checked(remoteCommand, { connection })).toEqual({ connection: secret(stored) });
      expect(checked(copyToRemote, { connection, source: asset, remotePath: "/a" })).toEqual({
        connection: secret(stored),
        source: asset,
        remotePath: "/a",
      });
    }
  });

  it.each<[string, ResourceType, PropertyMap]>([
    ["remote:Command", remoteCommand, { connection: secret(address) }],
    ["local:Command", localCommand, {}],
  ])("%s holds no default beside its connection's, and what the command printed", async (_, type, where) => {
    const given = { ...where, delete: "true", environment: {}, triggers: [1], stdin: secret("in") };
    expect(checked(type, given)).toEqual(given);
    expect(await create(type, given)).toEqual({ ...given, stdout: "", stderr: "" });
  });
});

describe("random", () => {
  const characters = { lower: true, minLower: 0, minNumeric: 0, minSpecial: 0, minUpper: 0 };
  const classes = { ...characters, number: true, numeric: true, special: true, upper: true };

  it.each<[string, ResourceType, PropertyMap, PropertyMap]>([
    [
      "RandomPassword",
      randomPassword,
      { length: 16, keepers: { turn: "1" } },
      { ...classes, id: "none", result: secretText, bcryptHash: secretText, __meta: '{"schema_version":"3"}' },
    ],
    [
      "RandomString",
      randomString,
      { length: 8, number: true, overrideSpecial: "-" },
      { ...classes, id: text, result: text, __meta: '{"schema_version":"2"}' },
    ],
    ["RandomBytes", randomBytes, { length: 8 }, { base64: secretText, hex: secretText }],
    ["RandomId", randomId, { byteLength: 8 }, { id: text, b64Std: text, b64Url: text, dec: text, hex: text }],
  ])("%s holds its inputs as given, and a state complete with defaults", async (_, type, given, state) => {
    expect(checked(type, given)).toEqual(given);
    expect(await create(type, given)).toEqual({ ...given, ...state });
  });
});

describe("tls", () => {
  const key = async () =>
    (await create(privateKey, { algorithm: "ECDSA", ecdsaCurve: "P256" })).privateKeyPem as PropertyMap;
  const validity = { validityPeriodHours: 24, allowedUses: ["server_auth"] };
  const validityState = {
    earlyRenewalHours: 0,
    isCaCertificate: false,
    setSubjectKeyId: false,
    id: text,
    certPem: text,
    readyForRenewal: false,
    validityStartTime: text,
    validityEndTime: text,
  };

  it("PrivateKey", async () => {
    const given = { algorithm: "ED25519" };
    expect(checked(privateKey, given)).toEqual(given);
    expect(await create(privateKey, given)).toEqual({
      ...given,
      rsaBits: 2048,
      ecdsaCurve: "P224",
      id: text,
      privateKeyPem: secretText,
      privateKeyOpenssh: secretText,
      privateKeyPemPkcs8: secretText,
      publicKeyPem: text,
      publicKeyOpenssh: text,
      publicKeyFingerprintMd5: text,
      publicKeyFingerprintSha256: text,
      __meta: '{"schema_version":"1"}',
    });
  });

  it("SelfSignedCert, CertRequest and LocallySignedCert", async () => {
    const caKey = await key();
    const ca = { ...validity, privateKeyPem: caKey.value as string, subject: { commonName: "Lab CA" } };
    const caInputs = { ...ca, privateKeyPem: caKey };
    expect(checked(selfSignedCert, ca)).toEqual(caInputs);
    const caState = await create(selfSignedCert, ca);
    expect(caState).toEqual({ ...caInputs, ...validityState, setAuthorityKeyId: false, keyAlgorithm: "ECDSA" });

    const requestInputs = { privateKeyPem: await key(), dnsNames: ["registry.example.org"] };
    const request = await create(certRequest, requestInputs);
    expect(checked(certRequest, requestInputs)).toEqual(requestInputs);
    expect(request).toEqual({ ...requestInputs, id: text, certRequestPem: text, keyAlgorithm: "ECDSA" });

    const leaf = {
      ...validity,
      caCertPem: caState.certPem as string,
      caPrivateKeyPem: caKey,
      certRequestPem: request.certRequestPem as string,
    };
    expect(checked(locallySignedCert, leaf)).toEqual(leaf);
    expect(await create(locallySignedCert, leaf)).toEqual({ ...leaf, ...validityState, caKeyAlgorithm: "ECDSA" });
  });
});
