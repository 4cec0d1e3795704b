import { z } from "zod";
import { Port } from "../formats/host-name.ts";
import { httpUrl } from "../formats/http-url.ts";
import { KubernetesName, Namespace } from "../formats/kubernetes-name.ts";
import { HostImages } from "./images.ts";
import { Ui } from "./ui.ts";

const DockerName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "a Docker name, as in hostk8s-registry");

/** Variant hybrid: the registry is a Docker container beside a kind cluster, on the machine that Pulumi runs on. */
export const HybridVariant = z
  .strictObject({
    kind: z.literal("hybrid"),
    containerName: DockerName.default("hostk8s-registry").describe("The registry's container"),
    port: Port.default(5002).describe("Where the machine reaches it, on loopback"),
    network: DockerName.default("kind").describe("The Docker network of the cluster's nodes"),
    clusterName: z
      .string()
      .regex(/^[a-z0-9.-]+$/, "a kind cluster's name, as in kind")
      .default("kind")
      .describe("The cluster, as `kind get clusters` lists it"),
    storagePath: z
      .string()
      .regex(/^\.{0,2}\/?[A-Za-z0-9_.][A-Za-z0-9_./-]*$/, "a folder, as in ./data/storage/registry")
      .default("./data/storage/registry")
      .describe("Where the images are, from the project's folder; kept by destroy"),
    namespace: Namespace.default("hostk8s").describe(
      "Where the Service, the Ingress and the UI are; created if it does not exist",
    ),
    ingressClassName: KubernetesName.optional().describe(
      "The cluster's default class unless given; needed by ui joxit",
    ),
    ingressUrl: httpUrl("http://localhost:8080")
      .default("http://localhost:8080")
      .describe("Where the cluster's Ingress answers: API at /v2/, UI at /registry/"),
    images: HostImages,
    ui: Ui,
  })
  .describe("A container beside a kind cluster on the machine Pulumi runs on");

export type HybridVariant = z.output<typeof HybridVariant>;
