import { z } from "zod";
import { HostKey } from "./formats/host-key.ts";
import { MachineAddress, Port } from "./formats/host-name.ts";

const User = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/, "a user name on the machine, as in ubuntu")
  .meta({ examples: ["ubuntu", "root"] });

const ssh = {
  address: MachineAddress.describe("What SSH dials"),
  port: Port.default(22).describe("The SSH server's port"),
  user: User.describe("Who logs in; for anyone but root, commands run through `sudo -n`"),
  hostKey: HostKey,
};

/** A machine through which SSH connects to another machine, like ssh's ProxyJump. */
const JumpHost = z.strictObject(ssh).describe("A machine SSH goes through; it takes the same key");

export const SshConnection = z
  .strictObject({
    kind: z.literal("ssh"),
    ...ssh,
    agent: z.boolean().default(false).describe("Use the SSH agent instead of the secret sshPrivateKey"),
    jump: JumpHost.optional(),
  })
  .describe("Over SSH");

const LocalConnection = z.strictObject({ kind: z.literal("local") }).describe("The machine Pulumi runs on");

const DockerContainerConnection = z
  .strictObject({
    kind: z.literal("docker-container"),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "a container's name, as in kind-control-plane")
      .meta({ examples: ["kind-control-plane"] })
      .describe("The container's name, as `docker exec` takes it"),
  })
  .describe("A container on the machine Pulumi runs on, as kind's nodes are");

/** How the program runs commands on a machine. */
export const Connection = z
  .discriminatedUnion("kind", [SshConnection, LocalConnection, DockerContainerConnection])
  .describe("How the machine is reached");

const KindClusterConnection = z
  .strictObject({
    kind: z.literal("kind-cluster"),
    name: z
      .string()
      .regex(/^[a-z0-9.-]+$/, "the cluster's name, as `kind get clusters` prints it, as in kind")
      .meta({ examples: ["kind"] })
      .describe("The cluster's name, as `kind create cluster --name` took it"),
  })
  .describe(
    "Nodes only: every node of a kind cluster on the machine Pulumi runs on; new ones are found by the next `up`",
  );

/** How the program runs commands on a node, or on every node of a kind cluster. */
export const NodeConnection = z
  .discriminatedUnion("kind", [SshConnection, LocalConnection, DockerContainerConnection, KindClusterConnection])
  .describe("How the machine is reached");

export type Connection = z.output<typeof Connection>;
export type NodeConnection = z.output<typeof NodeConnection>;
export type SshConnection = z.output<typeof SshConnection>;
