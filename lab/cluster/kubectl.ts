import { type ExecaError, execa } from "execa";
import { goBinary } from "../go/go-build.ts";
import { LabError } from "../lab-error.ts";
import { kubernetes } from "./kubernetes.ts";

/** Runs one kubectl command and returns its stdout without the last newline. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** kubectl with a fixed kubeconfig; the user's own kubeconfig is not read. */
export function kubectlWith(kubeconfig: string): Kubectl {
  return async (args, input = "") => {
    const program = await goBinary(kubernetes("kubectl"));
    try {
      const { stdout } = await execa(program, args, { env: { KUBECONFIG: kubeconfig }, input, timeout: 300_000 });
      return stdout;
    } catch (error) {
      const { shortMessage, stderr } = error as ExecaError;
      throw new LabError(`kubectl ${args.join(" ")} failed: ${stderr || shortMessage}`);
    }
  };
}
