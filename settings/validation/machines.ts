import { isIPv4 } from "node:net";
import type { NodeConnection, SshConnection } from "../connection.ts";
import { splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import { repeated } from "./repeated.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the machines that the program connects to. */
export function* validateMachines(settings: StackKeys): Iterable<ValidationError> {
  const { nodes, containerRegistry } = settings;
  const { name } = splitHost(containerRegistry.host);
  const loopback = name === "localhost" || name.startsWith("127.");

  for (const { entry, index, first } of repeated(nodes, (node) => node.name))
    yield { path: ["nodes", index, "name"], input: entry.name, message: `nodes[${first}] has that name; take another` };
  for (const { index, first } of repeated(nodes, (node) => `${node.runtime} ${machineOf(node.connection)}`))
    yield {
      path: ["nodes", index, "connection"],
      message: `is the machine and runtime of nodes[${first}]; list it once`,
    };

  for (const [index, { connection, hostsEntry }] of nodes.entries()) {
    if (hostsEntry !== undefined && isIPv4(name))
      yield {
        path: ["nodes", index, "hostsEntry"],
        input: hostsEntry,
        message: `gives a name its address, and containerRegistry.host is the address ${name}; remove the line`,
      };
    if (connection.kind === "ssh" && loopback)
      yield {
        path: ["nodes", index, "connection", "address"],
        input: connection.address,
        message: `to this node ${name} is the node itself; give containerRegistry.host a name that it can connect to`,
      };
  }
  yield* validateHostKeys(sshConnections(settings));
}

/** Every SSH connection of the stack file, with its path in the settings. */
export function sshConnections({
  variant,
  nodes,
}: StackKeys): { path: (string | number)[]; connection: SshConnection }[] {
  const all = [
    ...(variant.kind === "host" ? [{ path: ["variant", "connection"], connection: variant.connection }] : []),
    ...(variant.kind === "host" && variant.oldHost?.kind === "read-only"
      ? [{ path: ["variant", "oldHost", "connection"], connection: variant.oldHost.connection }]
      : []),
    ...nodes.map(({ connection }, index) => ({ path: ["nodes", index, "connection"], connection })),
  ];
  return all.flatMap(({ path, connection }) => (connection.kind === "ssh" ? [{ path, connection }] : []));
}

type Machine = { path: (string | number)[]; machine: Pick<SshConnection, "address" | "port" | "hostKey"> };

/**
 * Finds two different host keys of one type for the same address and port. An SSH server has one key of each type, so
 * one of the two is wrong.
 */
function* validateHostKeys(connections: ReturnType<typeof sshConnections>): Iterable<ValidationError> {
  const machines: Machine[] = connections.flatMap(({ path, connection }) => [
    { path, machine: connection },
    ...(connection.jump ? [{ path: [...path, "jump"], machine: connection.jump }] : []),
  ]);
  for (const [index, { path, machine }] of machines.entries()) {
    const other = machines.slice(0, index).find((earlier) => differOnlyInKey(earlier.machine, machine));
    if (other !== undefined)
      yield {
        path: [...path, "hostKey"],
        message: `differs from ${machine.address}'s key above; check which is right`,
      };
  }
}

function differOnlyInKey(one: Machine["machine"], other: Machine["machine"]): boolean {
  const sameType = one.hostKey.split(" ")[0] === other.hostKey.split(" ")[0];
  return one.address === other.address && one.port === other.port && sameType && one.hostKey !== other.hostKey;
}

function machineOf(connection: NodeConnection): string {
  switch (connection.kind) {
    case "ssh":
      return `ssh ${connection.address}:${connection.port}`;
    case "docker-container":
      return `container ${connection.name}`;
    case "kind-cluster":
      return `kind cluster ${connection.name}`;
    case "local":
      return "local";
  }
}
