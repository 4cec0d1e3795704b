import { hashSync } from "bcryptjs";
import { execa } from "execa";
import {
  type HybridPlan,
  hybridApplyScript,
  hybridRemoveScript,
  hybridStandardInput,
} from "../../../../hosts/hybrid-registry/hybrid-registry.ts";
import type { HybridContainers } from "../../../../render/hybrid-registry/containers.ts";
import { Account } from "../../../../settings/accounts.ts";
import { ContainerRegistry } from "../../../../settings/container-registry.ts";
import type { Owner } from "../../../../settings/owner.ts";

export type ScriptOptions = {
  containers?: Partial<HybridContainers>;
  archives?: HybridPlan["archives"];
  /** jenkins', in clear. @default "correct horse" */
  password?: string;
  /** Whose run it is. @default an owner of this script's own */
  owner?: Partial<Owner>;
  /** What an earlier run of the same stack said, as the engine hands it over. @default nothing: its state knows of none */
  last?: string;
  /** Changes the script's text, to see what a fault does. */
  edit?: (script: string) => string;
  /** Before `sh`, as in `["setpriv", "--reuid", "1234"]`. @default none */
  as?: readonly string[];
};

/** The owner of what a script makes. */
export const scriptOwner = "0123456789abcdef";

/** What a stack's `up` and `destroy` run on this machine, without the engine around it. */
export function hybridScript(containers: HybridContainers) {
  const planned = (options: ScriptOptions): HybridPlan => ({
    containers: { ...containers, ...options.containers },
    cluster: "dev",
    archives: options.archives ?? {},
    containerRegistry: ContainerRegistry.parse({ host: `localhost:${containers.port}`, account: "jenkins" }),
    accounts: [Account.parse({ name: "jenkins", push: ["**"] })],
  });
  const input = (options: ScriptOptions) => {
    const password = options.password ?? "correct horse";
    const jenkins = { name: "jenkins", passwordHash: hashSync(password, salt), token: tokenOf(password) };
    return hybridStandardInput(
      planned(options),
      { accounts: [jenkins], httpSecret: "a secret of uploads" },
      owner(options),
    );
  };
  const owner = ({ owner }: ScriptOptions): Owner => ({
    id: scriptOwner,
    stack: containers.stack,
    takeOverFrom: [],
    ...owner,
  });
  const start = (script: string, options: ScriptOptions) => {
    const [program = "sh", ...args] = [...(options.as ?? []), "sh", "-c", (options.edit ?? ((text) => text))(script)];
    return execa(program, args, {
      input: input(options),
      env: { PULUMI_COMMAND_STDOUT: options.last },
      reject: false,
      detached: true,
    });
  };
  return {
    /** Its summary. */
    apply: (options: ScriptOptions = {}) => summary(start(hybridApplyScript(planned(options)), options)),
    /** What it says as it fails. */
    refuse: (options: ScriptOptions = {}) => failure(start(hybridApplyScript(planned(options)), options)),
    /** To be killed. */
    startApply: (options: ScriptOptions = {}) => start(hybridApplyScript(planned(options)), options),
    remove: (options: ScriptOptions = {}) => summary(start(hybridRemoveScript(planned(options)), options)),
  };
}

type Running = PromiseLike<{ exitCode?: number; stdout: string; stderr: string }>;

async function summary(running: Running): Promise<string> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode !== 0) throw new Error(`the script ended with ${exitCode}: ${stderr}`);
  return stdout;
}

async function failure(running: Running): Promise<string> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode === 0) throw new Error(`the script went well: ${stdout}`);
  return stderr;
}

/** As a stack stores it: the hash is the same from run to run. */
const salt = `$2b$04$${"s".repeat(22)}`;

/** What the proxy gives for the password. */
export function tokenOf(password: string): string {
  return `token-of-${password.replaceAll(" ", "-")}`;
}
