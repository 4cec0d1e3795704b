import { existsSync } from "node:fs";
import { type ConfigEntry, configEntries } from "../settings/config-entries.ts";
import { parseStack } from "../settings/parse-stack.ts";
import type { ClearSecrets } from "../settings/secrets/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { givenPath, type StackArgs } from "./common-args.ts";
import { OperationError } from "./operation-error.ts";
import { pulumi } from "./pulumi.ts";

/** A stack's name, and its stack file after validation. */
export type LiveStack = {
  name: string;
  /**
   * The options that select this stack for `pulumi config`, `preview` and `up`: `--stack`, and `--config-file` if the
   * stack file is elsewhere.
   */
  options: readonly string[];
  settings: Settings;
  secrets: ClearSecrets;
  /** The keys `kubernetes:…` of the stack file that say which cluster is the stack's. */
  kubernetes: { context?: string; kubeconfig?: string };
};

/** The outputs of the stack's last `up`; secrets are in plain text. */
export type StackOutputs = {
  registryUrl: string;
  registryHost: string;
  imagePrefix: string;
  registryCa: string;
  /** The password of each account, by account name. */
  accounts: Record<string, string>;
};

type PulumiConfig = Record<string, { value?: string; objectValue?: unknown; secret: boolean }>;

/** The name of the stack that a command's arguments name. @default the selected stack */
export async function stackName({ stack }: Pick<StackArgs, "stack">): Promise<string> {
  return stack ?? (await pulumi(["stack", "--show-name"])).trim();
}

/** Reads and checks the configuration of the stack that a command's arguments name. @default the selected stack */
export async function liveStack(args: StackArgs = {}): Promise<LiveStack> {
  const file = args["config-file"];
  // Pulumi treats a missing file as an empty one, so this program checks for it.
  if (file !== undefined && !existsSync(givenPath(file)))
    throw new OperationError(`${file} is not there; correct --config-file`);
  const name = await stackName(args);
  const options = ["--stack", name, ...(file === undefined ? [] : ["--config-file", givenPath(file)])];
  const config = JSON.parse(await pulumi(["config", "--show-secrets", "--json", ...options])) as PulumiConfig;
  const entries = configEntries(
    Object.entries(config).map(([key, { value = "", secret }]): ConfigEntry => ({ key, value, encrypted: secret })),
  );
  const [context, kubeconfig] = [config["kubernetes:context"]?.value, config["kubernetes:kubeconfig"]?.value];
  const kubernetes = { ...(context && { context }), ...(kubeconfig && { kubeconfig }) };
  // A stack's name may be ORGANIZATION/PROJECT/STACK; its file is named after the last part.
  return { name, options, kubernetes, ...parseStack(name, entries, file ?? `Pulumi.${name.split("/").at(-1)}.yaml`) };
}

/** Reads the outputs of the stack's last `up`. Throws if there are none yet. */
export async function stackOutputs({ name }: Pick<LiveStack, "name">): Promise<StackOutputs> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", name];
  const outputs = JSON.parse(await pulumi(args)) as Partial<StackOutputs>;
  if (outputs.registryHost === undefined)
    throw new OperationError(`stack ${name} has given nothing out yet; first: pulumi up --stack ${name}`);
  return outputs as StackOutputs;
}
