import { type ConfigEntry, parseStack } from "../settings/parse-stack.ts";
import type { ClearSecrets } from "../settings/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { pulumi } from "./pulumi.ts";

/** A stack as its file and its last `up` have it. */
export type LiveStack = { name: string; settings: Settings; secrets: ClearSecrets };

/** What `up` printed last, secrets in clear. */
export type StackOutputs = {
  registryUrl: string;
  registryHost: string;
  imagePrefix: string;
  registryCa: string;
  /** Account → password. */
  accounts: Record<string, string>;
};

type PulumiConfig = Record<string, { value?: string; objectValue?: unknown; secret: boolean }>;

const namespace = "container-registry:";

/** Reads and checks the stack's configuration. @default the stack that is selected */
export async function liveStack(given?: string): Promise<LiveStack> {
  const name = given ?? (await pulumi(["stack", "--show-name"])).trim();
  const config = JSON.parse(await pulumi(["config", "--show-secrets", "--json", "--stack", name])) as PulumiConfig;
  const entries = Object.entries(config)
    .filter(([key]) => key.startsWith(namespace))
    .map(
      ([key, { value = "", secret }]): ConfigEntry => ({ key: key.slice(namespace.length), value, encrypted: secret }),
    );
  return { name, ...parseStack(name, entries) };
}

/** What the stack's last `up` gave out. */
export async function stackOutputs({ name }: Pick<LiveStack, "name">): Promise<StackOutputs> {
  return JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", name])) as StackOutputs;
}
