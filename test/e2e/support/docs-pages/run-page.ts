import { join } from "node:path";
import { execa } from "execa";
import type { PulumiStack } from "../../../../lab/engine/pulumi-stack.ts";
import { namesOfTheLab } from "../../../../lab/network/names-of-the-lab.ts";
import type { DocsPage } from "./docs-page.ts";
import { notRun } from "./not-run.ts";

/** What stands in the lab for the words that a page leaves to its reader, as in `{ ACCOUNT: "jenkins" }`. */
export type Values = Record<string, string>;

export type Ran = { exitCode: number; output: string };

/** Runs a page's first command, which may fail: it shows what is wrong. */
export async function runFirst(stack: PulumiStack, page: DocsPage, values: Values = {}): Promise<Ran> {
  const [line = ""] = page.lines("First");
  return runLine(stack, line, values);
}

/** Runs the command lines of a page's section, one after the other. Throws where one fails, and says which are not run here. */
export async function runSection(
  stack: PulumiStack,
  page: DocsPage,
  section: string,
  values: Values = {},
): Promise<string> {
  const lines = page.lines(section);
  if (lines.length === 0) throw new Error(`${page.name} has no commands under ${section}`);
  return runLines(stack, page, lines, values);
}

/** Runs these lines of a page as `runSection` does. */
export async function runLines(
  stack: PulumiStack,
  { name }: DocsPage,
  lines: readonly string[],
  values: Values = {},
): Promise<string> {
  const outputs: string[] = [];
  for (const line of lines) {
    const why = notRun[name]?.[line];
    if (why !== undefined) {
      process.stderr.write(`docs/${name}: ${line}: not run here, since ${why}\n`);
      continue;
    }
    const { exitCode, output } = await runLine(stack, line, values);
    if (exitCode !== 0) throw new Error(`${name}: ${line} ends with exit code ${exitCode}:\n${output}`);
    outputs.push(output);
  }
  return outputs.join("\n");
}

/** Runs one command line of a page in a shell, as its reader would in the project's folder. */
async function runLine(stack: PulumiStack, line: string, values: Values = {}): Promise<Ran> {
  const names = line.includes("registry") ? namesOfTheLab : {};
  const { exitCode = -1, all } = await execa("sh", ["-ec", lineInTheLab(line, filesOf(stack), values)], {
    // The stack file is there.
    cwd: line.startsWith("git ") ? join(stack.stateDir, "settings") : stack.projectDir,
    env: { ...stack.env, ...names, PULUMI_CONFIG_PASSPHRASE: undefined },
    ...{ stdin: "ignore", all: true, reject: false, timeout: 240_000 },
  });
  return { exitCode, output: all };
}

type Files = { stack: string; file: string };

function filesOf({ env, stateDir }: PulumiStack): Files {
  const stack = String(env.PULUMI_STACK);
  return { stack, file: join(stateDir, `settings/Pulumi.${stack}.yaml`) };
}

/** The line with the lab's stack and values in it. Throws where a word in capitals has no value. */
export function lineInTheLab(line: string, { stack, file }: Files, values: Values): string {
  const all = Object.entries({ STACK: stack, ...values });
  const left = all.reduce((text, [word]) => text.replaceAll(word, ""), line);
  const [word] = /\b[A-Z]{3,}\b/.exec(left) ?? [];
  if (word !== undefined) throw new Error(`${line}: what stands for ${word}?`);
  const filled = all.reduce((text, [word, value]) => text.replaceAll(word, value), line);
  return written(stack, file).reduce((text, [pattern, ours]) => text.replace(pattern, ours), filled);
}

/** How the lab writes what pages write: no stack is selected there, nobody answers questions, and an hour is too long. */
function written(stack: string, file: string): [RegExp, string][] {
  const [name, both] = [`--stack ${stack}`, `--stack ${stack} --config-file ${file}`];
  return [
    [/^(?:npm run -s registry -- |registry )((?!.*--stack ).*)$/, `npm run -s registry -- $1 ${both}`],
    [/^pulumi (up|refresh)\b/, `pulumi $1 --yes --skip-preview --non-interactive ${both}`],
    [/^pulumi preview\b/, `pulumi preview --non-interactive ${both}`],
    [/^pulumi config set\b/, `pulumi config set ${both}`],
    [/^pulumi (cancel|state delete)\b/, `pulumi $1 --yes ${name}`],
    [/--min-age 1h --wait 1m\b/, "--min-age 0s --wait 1s"],
  ];
}
