import type { PackageComponent } from "./component.ts";
import { clusterRegistry } from "./components/cluster-registry.ts";
import { jenkinsCredentials } from "./components/jenkins-credentials.ts";
import { nodeDaemonSet } from "./components/node-daemon-set.ts";
import { nodeTrust } from "./components/node-trust.ts";
import { pullSecrets } from "./components/pull-secrets.ts";
import { registryHost } from "./components/registry-host.ts";

/** Every component of the package. */
export const components: readonly PackageComponent<unknown>[] = [
  registryHost,
  clusterRegistry,
  nodeTrust,
  nodeDaemonSet,
  pullSecrets,
  jenkinsCredentials,
];
