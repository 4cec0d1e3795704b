import { z } from "zod";
import { IpAddress } from "./host-name.ts";
import { Image } from "./image.ts";
import { Namespace } from "./kubernetes-name.ts";
import { Runtime } from "./nodes.ts";

/** A DaemonSet that makes every node of the cluster trust the registry, where SSH is not to be had. */
export const NodeDaemonSet = z
  .strictObject({
    runtime: Runtime,
    image: Image.describe("An image with a POSIX shell"),
    namespace: Namespace.default("registry-trust").describe("Where it runs; made where missing"),
    hostsEntry: IpAddress.optional().describe("The registry's address, written to each node's /etc/hosts"),
  })
  .describe("A DaemonSet that makes every node of the cluster trust the registry, where SSH is not to be had");

export type NodeDaemonSet = z.output<typeof NodeDaemonSet>;
