import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import { type ClusterNode, loadImage } from "../../../../lab/cluster/cluster-node.ts";
import { startSharedCluster } from "../../../../lab/cluster/shared-cluster.ts";
import { type PulumiStack, startStack } from "../../../../lab/engine/pulumi-stack.ts";
import { registryImage } from "../../../../lab/images/registry-images.ts";
import { startLab } from "../../../../lab/lab.ts";

export type ClusterRegistryStackOptions = {
  /** The name of the namespace and of the stack. The registry's host name is `<name>.lab.test`. */
  name: string;
  /** Overrides this function's defaults for `variant`: the namespace, the cluster's Ingress, and images that its nodes have. */
  variant?: Record<string, unknown>;
  containerRegistry?: Record<string, unknown>;
  /** @default jenkins, who may do everything */
  accounts?: Record<string, unknown>[];
  secrets?: Record<string, string>;
  /** Further keys of the stack file. @default none */
  config?: Record<string, unknown>;
};

/** The persistent lab's cluster, and a stack whose registry runs in it. */
export interface ClusterRegistryStack extends AsyncDisposable {
  cluster: Cluster;
  stack: PulumiStack;
  /** The registry's host name, which resolves to the address of the cluster's ingress controller. */
  host: string;
  namespace: string;
  /** The variant as the stack file has it, to be changed by `stack.setConfig({ variant: { ...variant, … } })`. */
  variant: Record<string, unknown>;
  /** The account's password. */
  password(account: string): Promise<string>;
}

/** Writes the stack file. The test itself runs `up`. Disposing of the result removes everything, including the namespace. */
export async function clusterRegistryStack(options: ClusterRegistryStackOptions): Promise<ClusterRegistryStack> {
  const { name, accounts = [{ name: "jenkins", push: ["**"], delete: ["**"] }] } = options;
  const [{ dns }, cluster] = await Promise.all([startLab(), startSharedCluster()]);
  const removeNamespace = () => cluster.kubectl(["delete", "namespace", name, "--ignore-not-found"]);
  await removeNamespace();
  const host = `${name}.lab.test`;
  await dns.add(host, cluster.ingressAddress);
  const variant = {
    kind: "cluster",
    namespace: name,
    ingressClassName: "traefik",
    tls: { kind: "private-ca" },
    images: { registry: await onNodes(cluster, "registry"), proxy: await onNodes(cluster, "proxy") },
    ...options.variant,
  };
  const stack = await startStack({
    name,
    config: {
      "kubernetes:kubeconfig": cluster.kubeconfig,
      "kubernetes:context": cluster.context,
      containerRegistry: { host, account: accounts[0]?.name, ...options.containerRegistry },
      variant,
      accounts,
      ...options.config,
    },
    secrets: options.secrets,
  });
  return {
    cluster,
    stack,
    host,
    namespace: name,
    variant,
    password: async (account) => String(Object(Object(await stack.outputs()).accounts)[account]),
    [Symbol.asyncDispose]: async () => {
      await stack.destroy().catch(() => {});
      await stack[Symbol.asyncDispose]();
      await removeNamespace();
      await dns.remove(host);
    },
  };
}

async function onNodes(cluster: Cluster, name: "registry" | "proxy"): Promise<{ reference: string }> {
  return imageOnNodes(cluster, name, (await registryImage(name)).tag);
}

/** Loads an image of the lab into the nodes that lack it, under a name with its digest, as after a pull. */
export async function imageOnNodes({ workers }: Cluster, name: string, tag: string): Promise<{ reference: string }> {
  const image = `docker.io/container-registry-lab/${name}`;
  const digestOf = (node: ClusterNode) =>
    node.run('ctr --namespace k8s.io images list "name==docker.io/$1" | grep -o "sha256:[0-9a-f]*" | head -n 1', {
      args: [tag],
    });
  const digests = await Promise.all(
    workers.map(async (node) => {
      if ((await digestOf(node)) === "") await loadImage(node, tag);
      const digest = await digestOf(node);
      const names = [`docker.io/${tag}`, `${image}@${digest}`];
      await node.run('ctr --namespace k8s.io images tag --force "$@" >/dev/null', { args: names });
      return digest;
    }),
  );
  return { reference: `${image}@${digests[0]}` };
}
