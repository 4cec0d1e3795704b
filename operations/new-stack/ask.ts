import { createInterface, type Interface } from "node:readline/promises";
import { OperationError, UsageError } from "../operation-error.ts";
import { answerProblem } from "./new-settings.ts";
import { type Answers, type Question, questions, textWithExample } from "./questions.ts";

/**
 * Asks the questions that `given` leaves open, in the terminal. Without a terminal the defaults are taken, and a question
 * without one is an error that names the options.
 */
export async function askOpenQuestions(given: Answers): Promise<Answers> {
  const open = questions.filter(({ path }) => given[path] === undefined);
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return { ...given, ...defaults(open) };
  const terminal = createInterface({ input: stdin, output: stderr });
  // Ctrl-C and Ctrl-D close the terminal, but the question's promise would then stay pending: this signal ends it.
  const closed = new AbortController();
  terminal.once("close", () => closed.abort());
  try {
    const answers: Answers = {};
    for (const question of open) answers[question.path] = await validAnswer(terminal, question, closed.signal);
    return { ...given, ...answers };
  } catch (error) {
    if (closed.signal.aborted) throw new OperationError("the questions were not all answered; nothing was written");
    throw error;
  } finally {
    terminal.close();
  }
}

function defaults(open: readonly Question[]): Answers {
  const missing = open.filter((question) => question.default === undefined);
  if (missing.length > 0)
    throw new UsageError(
      `there is no terminal to ask in; give ${missing.map(({ option }) => `--${option}`).join(", ")} as well`,
    );
  return Object.fromEntries(open.map((question) => [question.path, question.default]));
}

/** Asks until the answer is valid. */
async function validAnswer(terminal: Interface, question: Question, signal: AbortSignal): Promise<string> {
  const prompt = `${question.default ? `${question.text} [${question.default}]` : textWithExample(question)}: `;
  for (;;) {
    const typed = (await terminal.question(prompt, { signal })).trim();
    const answer = typed === "" ? (question.default ?? "") : typed;
    if (answer === "" && question.default === "") return "";
    const problem = answerProblem(question, answer);
    if (problem === undefined) return answer;
    process.stderr.write(`  ${problem}\n`);
  }
}
