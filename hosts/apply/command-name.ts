import type { Connection } from "../../settings/connection.ts";
import { machineAddress } from "../transport/machine-address.ts";

/** The resource name of the command that applies a bundle over a connection. */
export function commandNameOf(name: string, connection: Connection): string {
  // Two colons separate the parts of a URN, and an IPv6 address may contain two colons.
  return `${name}@${machineAddress(connection).replaceAll(":", "-")}`;
}
