import type { Log } from "../../lab/pulumi-fakes/plugin/engine-log.ts";
import type { PropertyMap } from "../../lab/pulumi-fakes/plugin/property.ts";
import type { ResourceType } from "../../lab/pulumi-fakes/plugin/provider.ts";

/** Takes down what a resource says to the person at the terminal. */
export type RecordedLog = Log & { lines: string[] };

export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  return {
    lines,
    status: async (line) => void lines.push(line),
    say: async (severity, text) => void lines.push(`${severity}: ${text}`),
  };
}

/** Checks inputs and creates with them, as the engine does. */
export async function create(type: ResourceType, given: PropertyMap, log = recordedLog()): Promise<PropertyMap> {
  const inputs = checked(type, given);
  return (await type.create({ name: "name", inputs, preview: false, log })).state;
}

export function update(
  type: ResourceType,
  state: PropertyMap,
  given: PropertyMap,
  log = recordedLog(),
): Promise<PropertyMap> {
  return type.update({ state, inputs: checked(type, given), preview: false, log });
}

/** Inputs as the engine keeps them; a failure of the check throws. */
export function checked(type: ResourceType, given: PropertyMap): PropertyMap {
  const { inputs, failures } = type.check(given);
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  return inputs;
}
