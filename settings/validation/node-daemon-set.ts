import { isIPv4 } from "node:net";
import { hasPlaceholder, splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of the DaemonSet that makes nodes trust the registry. */
export function* validateNodeDaemonSet({
  nodeDaemonSet,
  variant,
  containerRegistry: { host },
}: StackKeys): Iterable<ValidationError> {
  if (nodeDaemonSet === undefined) return;
  const { runtime, image, hostsEntry } = nodeDaemonSet;
  const { name } = splitHost(host);

  if (image.reference.startsWith(`${host}/`))
    yield {
      path: ["nodeDaemonSet", "image", "reference"],
      input: image.reference,
      message: `is pulled before any node trusts ${host}; take the image from another registry`,
    };
  if ((runtime === "docker" || runtime === "cri-o") && "tls" in variant && variant.tls.kind === "none")
    yield {
      path: ["nodeDaemonSet", "runtime"],
      input: runtime,
      message: `learns of plain HTTP by a signal, which no pod may send to the node's ${runtime}; list the machines in nodes, or use TLS`,
    };
  if (variant.kind === "hybrid")
    yield {
      path: ["nodeDaemonSet"],
      message: "variant hybrid's registry is beside a kind cluster, whose nodes trust it without; remove the key",
    };
  else if (name === "localhost" || name.startsWith("127."))
    yield {
      path: ["nodeDaemonSet"],
      message: `to a pod ${name} is the pod itself; list the machines in nodes, or give containerRegistry.host a name that all can connect to`,
    };
  if (hostsEntry !== undefined && hasPlaceholder(host))
    yield {
      path: ["nodeDaemonSet", "hostsEntry"],
      input: hostsEntry,
      message: `gives a name its address, and containerRegistry.host = ${host} has its own in it; remove the line`,
    };
  if (hostsEntry !== undefined && isIPv4(name))
    yield {
      path: ["nodeDaemonSet", "hostsEntry"],
      input: hostsEntry,
      message: `gives a name its address, and containerRegistry.host is the address ${name}; remove the line`,
    };
}
