import { checkSettings } from "../../settings/check-settings.ts";
import { type Problem, problemLine } from "../../settings/errors/problems.ts";
import { isSecretName, type SecretName } from "../../settings/secrets/secrets.ts";
import { exitCodes } from "../exit-codes.ts";
import { OperationError } from "../operation-error.ts";
import { type AnswerPath, type Answers, type Question, questions } from "./questions.ts";

export type NewSettings = {
  /** The settings of the stack file, by key without the namespace. */
  keys: Record<string, unknown>;
  /** The secrets that `pulumi config set --secret` still has to set. */
  secrets: SecretName[];
};

const account = "ci";

/** The settings of a stack with these answers, valid for `pulumi up`. Throws one error that lists every problem. */
export function newSettings(answers: Answers): NewSettings {
  const keys = keysOf(answers);
  const problems = checkSettings(keys, {}).problems;
  const others = problems.filter(({ path }) => !isSecretName(path));
  if (others.length > 0)
    throw new OperationError(
      ["these answers make no stack file:", ...others.map(answerLine)].join("\n  "),
      exitCodes.usage,
    );
  return { keys, secrets: problems.map(({ path }) => path).filter(isSecretName) };
}

/** Why an answer is invalid; undefined if it is valid. */
export function answerProblem({ path }: Question, answer: string): string | undefined {
  const examples = Object.fromEntries(questions.map(({ path, example }) => [path, example]));
  const { problems } = checkSettings(keysOf({ ...examples, [path]: answer }), {});
  return problems.find((problem) => problem.path === path)?.message;
}

function keysOf(answers: Answers): Record<string, unknown> {
  const email = answers["variant.tls.email"];
  return {
    containerRegistry: { host: answers["containerRegistry.host"], account },
    variant: {
      kind: "host",
      connection: {
        kind: "ssh",
        address: answers["variant.connection.address"],
        user: answers["variant.connection.user"],
        hostKey: answers["variant.connection.hostKey"],
      },
      installDocker: true,
      tls: email ? { kind: "acme", email } : { kind: "private-ca" },
    },
    accounts: [{ name: account, push: ["**"], delete: ["**"] }],
  };
}

function answerLine(problem: Problem): string {
  const option = questions.find(({ path }) => path === (problem.path as AnswerPath))?.option;
  return option === undefined ? problemLine(problem) : problemLine({ ...problem, path: `--${option}` });
}
