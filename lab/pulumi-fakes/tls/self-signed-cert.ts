import { bridgedResource } from "../bridged/resource.ts";
import { readyForRenewal, validityInputs, validityOutputs } from "./renewal.ts";

/** tls:index/selfSignedCert:SelfSignedCert */
export const selfSignedCert = bridgedResource({
  provider: "pulumi-resource-tls",
  inputs: {
    ...validityInputs,
    privateKeyPem: { change: "replace", required: true, secret: true },
    subject: { change: "replace" },
    dnsNames: { change: "replace" },
    ipAddresses: { change: "replace" },
    uris: { change: "replace" },
    setAuthorityKeyId: { change: "replace", default: false },
  },
  outputs: { ...validityOutputs, keyAlgorithm: {} },
  aged: readyForRenewal,
  // Imported by the first certificate, since a preview signs nothing.
  generate: async (inputs) => (await import("./certificates.ts")).selfSigned(inputs),
});
