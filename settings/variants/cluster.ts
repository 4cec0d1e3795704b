import { z } from "zod";
import { AddressOrNetwork } from "../formats/host-name.ts";
import { httpUrl } from "../formats/http-url.ts";
import { KubernetesName, Namespace, NamespacedName, StorageSize } from "../formats/kubernetes-name.ts";
import { bucketName, Region } from "../formats/s3.ts";
import { Catalogue } from "./catalogue.ts";
import { ClusterImages } from "./images.ts";
import { ClusterTls } from "./tls.ts";
import { Ui } from "./ui.ts";

const Exposure = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("ingress") }).describe("By an Ingress"),
    z
      .strictObject({
        kind: z.literal("load-balancer"),
        service: NamespacedName.optional().describe(
          "The ingress controller's Service, `NAMESPACE/NAME`, with an Ingress behind it; one of the registry's own unless given",
        ),
      })
      .describe("By a Service of type LoadBalancer; `{address}` in containerRegistry.host is its IPv4 address"),
  ])
  .prefault({ kind: "ingress" })
  .describe("How clients outside reach it");

const VolumeStorage = z
  .strictObject({
    kind: z.literal("volume"),
    size: StorageSize.default("50Gi").describe("What the claim asks for"),
    storageClassName: KubernetesName.optional().describe("The cluster's default class unless given"),
    accessMode: z
      .enum(["ReadWriteOnce", "ReadWriteMany"])
      .default("ReadWriteOnce")
      .describe("ReadWriteMany where several replicas share it"),
  })
  .describe("In a PersistentVolumeClaim");

const S3Storage = z
  .strictObject({
    kind: z.literal("s3"),
    endpoint: httpUrl("https://s3.example.org")
      .optional()
      .describe("The store's URL; AWS's own for the region unless given"),
    bucket: bucketName("registry-images"),
    region: Region,
    pathStyle: z.boolean().default(false).describe("Bucket in the path, not in the host name: true for MinIO and Ceph"),
  })
  .describe("In object storage; keys are the secrets s3AccessKey and s3SecretKey");

/**
 * The private networks of RFC 1918 and RFC 4193, and the shared one of RFC 6598. In nearly every cluster, the
 * addresses of nodes and pods are in them.
 */
export const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/** Variant cluster: the registry runs in the Kubernetes cluster whose nodes pull from it. */
export const ClusterVariant = z
  .strictObject({
    kind: z.literal("cluster"),
    namespace: Namespace.default("dso").describe("Where it runs; made where missing"),
    ingressClassName: KubernetesName.optional().describe("The cluster's default class unless given"),
    ingressAnnotations: z
      .record(z.string(), z.string())
      .default({})
      .describe("What the Ingress class needs to be told, over what is known of it"),
    exposure: Exposure,
    nodeNetworks: z
      .array(AddressOrNetwork)
      .min(1, "at least one, as in 10.0.0.0/8")
      .default(privateNetworks)
      .describe(
        "Where nodes' addresses are: who beside pods is let in and, like private networks, believed about TLS before it",
      ),
    storage: z
      .discriminatedUnion("kind", [VolumeStorage, S3Storage])
      .prefault({ kind: "volume" })
      .describe("Where images are"),
    replicas: z
      .number()
      .int("a whole number, as in 2")
      .min(1, "at least 1")
      .max(20, "at most 20")
      .default(1)
      .describe("How many registries share the load; more than one needs s3 or ReadWriteMany"),
    tls: ClusterTls,
    catalogue: Catalogue,
    images: ClusterImages,
    ui: Ui,
    deleteData: z.boolean().default(false).describe("destroy deletes the volume and the namespace too"),
  })
  .describe("The registry runs in the cluster whose nodes pull from it");

export type ClusterVariant = z.output<typeof ClusterVariant>;
