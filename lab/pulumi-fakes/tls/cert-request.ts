import { bridgedResource } from "../bridged/resource.ts";

/** tls:index/certRequest:CertRequest */
export const certRequest = bridgedResource({
  provider: "pulumi-resource-tls",
  inputs: {
    privateKeyPem: { change: "replace", required: true, secret: true },
    subject: { change: "replace" },
    dnsNames: { change: "replace" },
    ipAddresses: { change: "replace" },
    uris: { change: "replace" },
  },
  outputs: { certRequestPem: {}, keyAlgorithm: {} },
  generate: async (inputs) => (await import("./certificates.ts")).request(inputs),
});
