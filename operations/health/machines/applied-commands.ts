import { machineAddress } from "../../../hosts/transport/machine-address.ts";
import type { Connection } from "../../../settings/connection.ts";
import type { LiveStack } from "../../live-stack.ts";
import { pulumi } from "../../pulumi.ts";
import { stateValue } from "../../state-value.ts";
import { type AppliedObject, appliedObjects } from "../cluster/applied-objects.ts";

/** A command by which the last `up` applied a bundle to a machine. Its input has secrets. */
export type AppliedCommand = { create: string; stdin: string };

/** What the last `up` left in the stack's state. */
export type AppliedState = {
  /** The stack's id as the owner of machines. */
  owner: string;
  /** The commands, by the name of their resource, as in `registry-apply@203.0.113.5`. */
  commands: ReadonlyMap<string, AppliedCommand>;
  /** What it wrote to the stack's cluster. */
  objects: readonly AppliedObject[];
};

type Resource = {
  urn: string;
  type: string;
  delete?: boolean;
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};

/** Reads the state. Nothing in it is printed: it has passwords in clear. */
export async function appliedState({ name }: Pick<LiveStack, "name">): Promise<AppliedState> {
  return stateIn(JSON.parse(await pulumi(["stack", "export", "--show-secrets", "--stack", name])));
}

/** Reads a state that was exported with --show-secrets. */
export function stateIn(state: unknown): AppliedState {
  const { deployment: { resources = [] } = {} } = state as { deployment?: { resources?: Resource[] } };
  const owner = resources.find(({ urn }) => urn.endsWith("::random:index/randomId:RandomId::owner"));
  const commands = resources.filter((each) => each.type.startsWith("command:") && !each.delete);
  return {
    owner: text(owner?.outputs?.hex),
    commands: new Map(
      commands.map(({ urn, inputs = {} }) => [
        urn.split("::").at(-1) ?? "",
        { create: text(inputs.create), stdin: text(inputs.stdin) },
      ]),
    ),
    objects: appliedObjects(resources),
  };
}

/** The command that applies a bundle over a connection. `name` is that of its resource, without the machine. */
export function commandOf(
  { commands }: AppliedState,
  name: string,
  connection: Connection,
): AppliedCommand | undefined {
  return commands.get(`${name}@${machineAddress(connection).replaceAll(":", "-")}`);
}

/** The text of each file that a command writes and that is no secret, by its path in the command. */
export function textsIn({ create }: Pick<AppliedCommand, "create">): Map<string, string> {
  const files = create.matchAll(/^file 0\d+ \S+ (\S+) <<'(END_*)'\n(.*?)^\2$/gms);
  return new Map([...files].map(([, path = "", , text = ""]) => [path, text]));
}

/** A variable that a command's script begins with. Its value is one word of a shell, which has no line break. */
export function variableIn({ create }: Pick<AppliedCommand, "create">, name: string): string {
  const [, value = ""] = new RegExp(`^${name}=(.*)$`, "m").exec(create) ?? [];
  return value.startsWith("'") ? value.slice(1, -1).replaceAll("'\\''", "'") : value;
}

function text(value: unknown): string {
  return String(stateValue(value) ?? "");
}
