import { execa } from "execa";
import { type GoBinary, goBinary } from "../go/go-build.ts";

export const actionlint: GoBinary = {
  name: "actionlint",
  version: "1.7.7",
  package: "github.com/rhysd/actionlint/cmd/actionlint",
  binary: "actionlint",
};

/** What actionlint, which knows GitHub's syntax, contexts and popular actions, has against a workflow: nothing, or lines. */
export async function workflowProblems(text: string): Promise<string> {
  const program = await goBinary(actionlint);
  // Not shellcheck, which one machine has and another has not.
  const flags = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="];
  const { stdout, stderr, exitCode } = await execa(program, [...flags, "-"], { input: text, reject: false });
  if (exitCode !== 0 && stdout === "") throw new Error(`actionlint: ${stderr}`);
  return stdout;
}
