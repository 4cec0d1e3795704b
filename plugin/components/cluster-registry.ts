import { z } from "zod";
import { prepareRegistry } from "../../components/prepare-registry.ts";
import { requireBuiltUi } from "../../hosts/sending/built-ui.ts";
import type { Settings } from "../../settings/settings.ts";
import { ClusterVariant } from "../../settings/variants/cluster.ts";
import type { PackageComponent } from "../component.ts";
import { checkKubernetes, createCluster, Kubernetes } from "../inputs/kubernetes.ts";
import { checkRegistry, outputsOf, registryOutputs, registrySettings } from "./registry.ts";

type Checked = { settings: Settings; kubernetes: Kubernetes };

export const clusterRegistry: PackageComponent<Checked> = {
  name: "ClusterRegistry",
  description:
    "A container registry in a Kubernetes cluster: distribution and the proxy Caddy in pods, on a volume or object storage",
  settings: z.strictObject({
    ...registrySettings,
    variant: ClusterVariant.omit({ kind: true }).describe("Where it runs in the cluster, and how it is reached"),
    kubernetes: Kubernetes,
  }),
  secrets: [
    "passwords",
    "htpasswd",
    "tlsCertificate",
    "tlsKey",
    "s3AccessKey",
    "s3SecretKey",
    "backupPassword",
    "backupSshKey",
    "backupS3AccessKey",
    "backupS3SecretKey",
  ],
  hasEndpoint: false,
  outputs: registryOutputs,
  check({ kubernetes: given, ...others }, secrets) {
    const { checked: settings, problems } = checkRegistry("cluster", others, secrets);
    const { kubernetes, problems: more } = checkKubernetes(given);
    return { checked: settings && kubernetes && { settings, kubernetes }, problems: [...problems, ...more] };
  },
  async create({ name, checked: { settings, kubernetes }, secrets, owner, parent }) {
    requireBuiltUi(settings);
    const cluster = createCluster(name, kubernetes, parent);
    const createRegistry = await prepareRegistry(settings, { get: () => cluster });
    return outputsOf(createRegistry({ name, secrets, owner, options: { parent } }), settings);
  },
};
