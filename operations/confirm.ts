import { createInterface } from "node:readline/promises";

/** Asks a yes-or-no question in the terminal. True only if the user types y or yes; false without a terminal. */
export async function confirmed(question: string): Promise<boolean> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return false;
  const terminal = createInterface({ input: stdin, output: stderr });
  // Ctrl-C and Ctrl-D close the terminal, but the question's promise would then stay pending: this signal ends it.
  const closed = new AbortController();
  terminal.once("close", () => closed.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: closed.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (closed.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
