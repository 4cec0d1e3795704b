import { fileURLToPath } from "node:url";
import { ExecaError, execa } from "execa";
import { OperationError } from "./operation-error.ts";

/** The folder of this project, where Pulumi.yaml and the stack files are. */
export const projectFolder = fileURLToPath(new URL("../", import.meta.url));

/**
 * Runs the Pulumi CLI in this project's folder, and returns its standard output. Secrets are passed in `input`, its
 * standard input, and never in `args`, which process lists and errors show.
 */
export async function pulumi(args: readonly string[], input = ""): Promise<string> {
  try {
    const { stdout } = await execa("pulumi", [...args, "--non-interactive"], { cwd: projectFolder, input });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT")
      throw new OperationError("the Pulumi CLI is not on this machine's PATH: https://www.pulumi.com/docs/install/");
    const said = String(error.stderr).trim() || error.shortMessage;
    throw new OperationError([`pulumi ${args.join(" ")}: ${said}`, ...nextSteps(said)].join("; "));
  }
}

/** The next step for common errors of the Pulumi CLI whose messages do not name one. */
function nextSteps(said: string): string[] {
  if (said.includes("no stack named")) return ["which there are: pulumi stack ls"];
  if (said.includes("no stack selected")) return ["or name one: --stack NAME"];
  if (said.includes("incorrect passphrase"))
    return ["PULUMI_CONFIG_PASSPHRASE_FILE names the file with the stack's own"];
  return [];
}
