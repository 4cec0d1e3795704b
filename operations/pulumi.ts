import { ExecaError, execa } from "execa";
import { OperationError } from "./operation-error.ts";

const program = new URL("../", import.meta.url);

/** Runs the Pulumi CLI on this program, and returns what it printed. Secrets go by standard input alone. */
export async function pulumi(args: readonly string[], input = ""): Promise<string> {
  try {
    const { stdout } = await execa("pulumi", [...args, "--non-interactive"], { cwd: program, input });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT")
      throw new OperationError("the Pulumi CLI is not on this machine's PATH: https://www.pulumi.com/docs/install/");
    throw new OperationError(`pulumi ${args.join(" ")}: ${String(error.stderr).trim() || error.shortMessage}`);
  }
}
