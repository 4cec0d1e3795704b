import { randomBytes } from "node:crypto";
import type { Log } from "../plugin/engine-log.ts";
import type { PropertyMap } from "../plugin/property.ts";
import { archiveSignature, assetSignature, hasSignature, isMap, isUnknown, reveal, text } from "../plugin/property.ts";
import type { Failure, ResourceType } from "../plugin/provider.ts";
import { commandDiff } from "./inputs.ts";
import { checkedConnection } from "./remote-command.ts";
import { connectionFrom } from "./ssh/connection.ts";

/** command:remote:CopyToRemote. The state contains a hash of the source. Deleting the resource deletes nothing on the host. */
export const copyToRemote: ResourceType = {
  check(inputs) {
    const checked = checkedConnection(inputs, ["connection", "triggers", "source", "remotePath"]);
    return { ...checked, failures: [...checked.failures, ...sourceFailures(inputs)] };
  },

  diff: commandDiff,

  async create({ inputs, preview, log }) {
    if (preview) return { id: "", state: inputs };
    await copy(inputs, log);
    return { id: randomBytes(4).toString("hex"), state: inputs };
  },

  async update({ state, inputs, preview, log }) {
    const moved = reveal(state.remotePath ?? null) !== reveal(inputs.remotePath ?? null);
    if (!preview && (moved || hash(state) !== hash(inputs))) await copy(inputs, log);
    return inputs;
  },
};

async function copy(inputs: PropertyMap, log: Log): Promise<void> {
  const { sendSource } = await import("./ssh/send.ts");
  const connection = reveal(inputs.connection ?? null);
  await sendSource(
    connectionFrom(isMap(connection) ? connection : {}),
    reveal(inputs.source ?? null),
    text(reveal(inputs.remotePath ?? null)) ?? "",
    log,
  );
}

function hash(properties: PropertyMap): string | undefined {
  const source = reveal(properties.source ?? null);
  const known = hasSignature(source, assetSignature) || hasSignature(source, archiveSignature);
  return known ? text(source.hash) : undefined;
}

/** @see pulumi-command 1.2.1: CopyToRemote.Check. Later versions take more sources. */
function sourceFailures(inputs: PropertyMap): Failure[] {
  const source = reveal(inputs.source ?? null);
  if (isUnknown(source)) return [];
  if (hasSignature(source, assetSignature)) {
    if (source.path !== undefined || source.text !== undefined) return [];
    return [{ property: "asset", reason: "asset must be a path-based file asset or a text asset" }];
  }
  if (!hasSignature(source, archiveSignature))
    return [{ property: "asset", reason: "either asset or archive must be set" }];
  if (source.path !== undefined) return [];
  return [{ property: "archive", reason: "archive must be a path to a file or directory" }];
}
