import { kubernetesObject } from "./kubernetes/kubernetes-object.ts";
import { settings } from "./kubernetes/settings.ts";
import { serveProvider } from "./plugin/serve-provider.ts";

// The lab's fake for pulumi-resource-kubernetes.
serveProvider({
  name: "kubernetes",
  version: "4.32.0",
  acceptsSecrets: true,
  settings,
  resources: kubernetesObject,
});
