import "reflect-metadata";
import { createPrivateKey, webcrypto } from "node:crypto";
import x509 from "@peculiar/x509";
import type { RegistryStack } from "./registry-stack.ts";

const dayMs = 24 * 3_600_000;

/**
 * Makes a private CA's server certificate as old as if its `up` had been long ago. The CA signs it again with other dates, the
 * stack's state gets these dates, and the host serves the new certificate, and remembers it as what `up` wrote. No clock is changed.
 */
export async function ageLeaf({ stack, machine }: RegistryStack, daysLeft: number): Promise<void> {
  const ends = new Date(Date.now() + daysLeft * dayMs);
  const state = (await stack.exportState({ showSecrets: true })) as State;
  const leaf = state.deployment.resources.find(({ type }) => type.endsWith(":LocallySignedCert"));
  if (leaf === undefined) throw new Error("the state has no LocallySignedCert");

  const { certPem, caPrivateKeyPem } = leaf.outputs;
  const aged = await signedAgain(certPem, JSON.parse(caPrivateKeyPem.plaintext), ends);
  leaf.outputs.validityStartTime = aged.notBefore.toISOString();
  leaf.outputs.validityEndTime = aged.notAfter.toISOString();
  await stack.importState(state);

  await machine.run(
    `cd /etc/container-registry
     cat >caddy/tls/cert.pem
     certificate=$PWD/caddy/tls/cert.pem
     sum=$(sha256sum <"$certificate" | cut -d ' ' -f 1)
     sed -i "s|^sum [0-9a-f]* $certificate$|sum $sum $certificate|" /var/lib/container-registry/registry/manifest
     docker compose exec -T proxy caddy reload --force --config /etc/caddy/Caddyfile --adapter caddyfile \\
       --address unix//run/caddy/admin.sock </dev/null`,
    { input: `${aged.toString("pem")}\n` },
  );
}

type State = { deployment: { resources: { type: string; outputs: LeafOutputs }[] } };

type LeafOutputs = {
  certPem: string;
  /** JSON, as the engine exports a secret in clear. */
  caPrivateKeyPem: { plaintext: string };
  validityStartTime: string;
  validityEndTime: string;
};

async function signedAgain(certPem: string, caKeyPem: string, notAfter: Date): Promise<x509.X509Certificate> {
  const leaf = new x509.X509Certificate(certPem);
  const validityMs = leaf.notAfter.getTime() - leaf.notBefore.getTime();
  return x509.X509CertificateGenerator.create({
    serialNumber: leaf.serialNumber,
    subject: leaf.subject,
    issuer: leaf.issuer,
    notBefore: new Date(notAfter.getTime() - validityMs),
    notAfter,
    publicKey: leaf.publicKey,
    signingKey: await signingKey(caKeyPem),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    extensions: leaf.extensions,
  });
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}
