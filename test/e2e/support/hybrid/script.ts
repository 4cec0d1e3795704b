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
  /** Password of the account jenkins. @default "correct horse" */
  password?: string;
  /** The stack that runs the script. @default an owner that only this script has */
  owner?: Partial<Owner>;
  /** What an earlier run of the same stack said, as the engine hands it over. @default nothing: its state knows of none */
  last?: string;
  /** Changes the script's text, so that a test can inject a fault. */
  edit?: (script: string) => string;
  /** Before `sh`, as in `["setpriv", "--reuid", "1234"]`. @default none */
  as?: readonly string[];
};

/** The id of the owner of all that a script creates. */
export const scriptOwner = "0123456789abcdef";

/** Runs the scripts that a stack's `up` and `destroy` run on this machine, but without the Pulumi engine. */
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

/** A fixed salt, as a stack's state has one, so that a password's hash is the same in each run. */
const salt = `$2b$04$${"s".repeat(22)}`;

/** The token that the proxy returns for a password. */
export function tokenOf(password: string): string {
  return `token-of-${password.replaceAll(" ", "-")}`;
}
