import { z } from "zod";
import { IpAddress } from "./formats/host-name.ts";
import { Namespace } from "./formats/kubernetes-name.ts";
import { Runtime } from "./nodes.ts";
import { Image } from "./variants/image.ts";

/**
 * The runtimes that a DaemonSet can make trust the registry: they read their trust files at every pull. A pod can
 * write such files, but it cannot restart a runtime.
 */
export const DaemonSetRuntime = Runtime.extract(["containerd", "microk8s", "cri-o", "docker"], {
  error:
    "containerd, microk8s, cri-o or docker; k3s and rke2 read their registries at start only, so list their machines in nodes",
}).describe("What pulls images there");

const PulledImage = Image.refine(({ archive }) => archive === undefined, {
  path: ["archive"],
  error: "every node pulls the image, one that joins next year too; remove the line, and name the image by its digest",
});

/** A DaemonSet that makes every node of the cluster trust the registry, for clusters whose nodes have no SSH access. */
export const NodeDaemonSet = z
  .strictObject({
    runtime: DaemonSetRuntime,
    image: PulledImage.describe(
      "What its pods run: any image with a POSIX shell and curl, and the usual CA certificates where a public CA signed the registry's; pulled before the registry is trusted, so from elsewhere",
    ),
    namespace: Namespace.default("registry-trust").describe("Where it runs; made where missing, and left in the end"),
    hostsEntry: IpAddress.optional().describe("The registry's address, written to each node's /etc/hosts"),
  })
  .describe("A DaemonSet that makes every node of the cluster trust the registry, where SSH is not to be had");

export type DaemonSetRuntime = z.output<typeof DaemonSetRuntime>;
export type NodeDaemonSet = z.output<typeof NodeDaemonSet>;
