import { execa } from "execa";
import { type GoBinary, goBinary } from "../go/go-build.ts";

export const actionlint: GoBinary = {
  name: "actionlint",
  version: "1.7.7",
  package: "github.com/rhysd/actionlint/cmd/actionlint",
  binary: "actionlint",
};

/** Problems that actionlint finds in a GitHub workflow, one a line; empty if there are none. */
export async function workflowProblems(text: string): Promise<string> {
  const program = await goBinary(actionlint);
  // actionlint's use of shellcheck and pyflakes is disabled, because not every machine has these programs.
  const flags = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="];
  const { stdout, stderr, exitCode } = await execa(program, [...flags, "-"], { input: text, reject: false });
  if (exitCode !== 0 && stdout === "") throw new Error(`actionlint: ${stderr}`);
  return stdout;
}
