import { isMap, isSecret, type PropertyMap, reveal, secret } from "../plugin/property.ts";
import type { Checked, Failure } from "../plugin/provider.ts";
import { commandResource } from "./command-resource.ts";
import { commandKeys, unsupportedKeys } from "./inputs.ts";
import { checkedAddress, connectionFrom, unknownKeys } from "./ssh/connection.ts";

/** command:remote:Command */
export const remoteCommand = commandResource({
  check: (inputs) => checkedConnection(inputs, [...commandKeys, "connection"]),

  async run(command, inputs, { connection = null }, output, log) {
    // Imported by the first command: a preview opens no SSH connection, and should not wait for ssh2 to load.
    const { runRemote } = await import("./ssh/run.ts");
    const plain = reveal(connection);
    const variables = [
      ...inputs.environment.map(([name, value]) => ({ name, value, optional: false })),
      ...inputs.previous.map(([name, value]) => ({ name, value, optional: true })),
    ];
    const run = { connection: connectionFrom(isMap(plain) ? plain : {}), command, stdin: inputs.stdin, variables };
    await runRemote(run, output, log);
  },
});

/** Inputs with the connection as the official plugin stores it. */
export function checkedConnection(inputs: PropertyMap, known: string[]): Checked {
  const failures: Failure[] = unsupportedKeys(inputs, known);
  const given = isSecret(inputs.connection) ? (inputs.connection.value ?? null) : inputs.connection;
  if (given === undefined || given === null)
    return { inputs, failures: [...failures, { property: "connection", reason: "missing required field" }] };
  if (!isMap(given)) return { inputs: { ...inputs, connection: secret(given) }, failures };

  for (const key of unknownKeys(given)) failures.push({ property: `connection.${key}`, reason: "no such field" });
  if (given.host === undefined) failures.push({ property: "connection.host", reason: "missing required field" });
  return { inputs: { ...inputs, connection: secret(checkedAddress(given)) }, failures };
}
