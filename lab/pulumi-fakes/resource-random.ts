import { serveProvider } from "./plugin/serve-provider.ts";
import { randomBytes, randomId } from "./random/bytes.ts";
import { randomPassword, randomString } from "./random/password.ts";

// The lab's fake for pulumi-resource-random.
serveProvider({
  name: "random",
  version: "4.21.1",
  acceptsSecrets: false,
  resources: {
    "random:index/randomBytes:RandomBytes": randomBytes,
    "random:index/randomId:RandomId": randomId,
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
  },
});
