import { bridgedResource } from "../bridged/resource.ts";
import { readyForRenewal, validityInputs, validityOutputs } from "./renewal.ts";

/** tls:index/locallySignedCert:LocallySignedCert */
export const locallySignedCert = bridgedResource({
  provider: "pulumi-resource-tls",
  inputs: {
    ...validityInputs,
    caCertPem: { change: "replace", required: true },
    caPrivateKeyPem: { change: "replace", required: true, secret: true },
    certRequestPem: { change: "replace", required: true },
  },
  outputs: { ...validityOutputs, caKeyAlgorithm: {} },
  aged: readyForRenewal,
  generate: async (inputs) => (await import("./certificates.ts")).locallySigned(inputs),
});
