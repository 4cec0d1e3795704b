import { z } from "zod";
import { NodeConnection } from "./connection.ts";
import { Generation } from "./formats/generation.ts";
import { IpAddress } from "./formats/host-name.ts";

/** The container runtime that pulls images on a node. */
export const Runtime = z
  .enum(["microk8s", "containerd", "k3s", "rke2", "docker", "cri-o"])
  .describe("What pulls images there");

/** The runtimes that read a registries.yaml. The file also holds credentials, and they read it only when they start. */
export const runtimesWithRegistriesYaml: readonly z.output<typeof Runtime>[] = ["k3s", "rke2"];

/** A machine that must trust the registry. */
export const Node = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "lower-case letters, digits, dashes and dots, as in node-1")
      .meta({ examples: ["node-1"] })
      .describe("The node, as Pulumi's output shows it"),
    runtime: Runtime,
    connection: NodeConnection,
    hostsEntry: IpAddress.optional().describe("The registry's address, written to the node's /etc/hosts"),
    account: z
      .string()
      .optional()
      .describe("Whose credentials k3s and rke2 pull with, a name of `accounts`; not with variant existing"),
    restart: z
      .boolean()
      .default(false)
      .describe("Restart the runtime where it reads its registries at start only (k3s, rke2), one node after another"),
    takeOver: z
      .boolean()
      .default(false)
      .describe(
        "Comment out an entry for the registry that somebody wrote into registries.yaml (k3s, rke2) and that differs from the stack's, until the node is removed from `nodes`, or by destroy",
      ),
    verify: z
      .enum(["ping", "pull", "none"])
      .default("ping")
      .describe("How to prove that the node trusts the registry: ask it, pull from it, not at all"),
    generation: Generation,
  })
  .describe("A machine that must trust the registry");

export type Runtime = z.output<typeof Runtime>;
export type Node = z.output<typeof Node>;
