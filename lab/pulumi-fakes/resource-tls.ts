import { serveProvider } from "./plugin/serve-provider.ts";
import { certRequest } from "./tls/cert-request.ts";
import { locallySignedCert } from "./tls/locally-signed-cert.ts";
import { privateKey } from "./tls/private-key.ts";
import { selfSignedCert } from "./tls/self-signed-cert.ts";

// The lab's fake for pulumi-resource-tls.
serveProvider({
  name: "tls",
  version: "5.5.1",
  acceptsSecrets: false,
  resources: {
    "tls:index/certRequest:CertRequest": certRequest,
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
  },
});
