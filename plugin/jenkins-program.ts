import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entryFile } from "../bundle/digest.js";
import { freshBundle, jenkinsCommand } from "../bundle/fresh-bundle.js";
import type { SentJenkinsProgram } from "../components/consumers/jenkins-credentials.ts";
import { sentProgram } from "../hosts/apply/sent-program.ts";

/**
 * The program that writes Jenkins' entries, as text: the state keeps it, so that the entries can be removed where this version
 * of the package is not installed.
 */
export async function jenkinsProgram(): Promise<SentJenkinsProgram> {
  const folder = await freshBundle(join(import.meta.dirname, ".."), jenkinsCommand);
  const { line: text, version } = sentProgram(readFileSync(join(folder, entryFile), "utf8"));
  return { text, version };
}
