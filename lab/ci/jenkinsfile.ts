import { credentialsOf, type JenkinsBinding } from "./jenkins-binding.ts";
import { type Token, tokensOf } from "./jenkinsfile-tokens.ts";

/** One `sh` step of a declarative pipeline. */
type JenkinsStep = {
  /** The name of the innermost stage around the step. */
  stage: string;
  script: string;
  /** Bindings of every `withCredentials` around the step, the outermost first. */
  bindings: JenkinsBinding[];
};

export type Jenkinsfile = {
  /** The variables of the pipeline's `environment` block whose values are literals. */
  environment: Record<string, string>;
  steps: JenkinsStep[];
};

/** What the statement before an opening brace means for the steps in the block. */
type Block = { stage?: string; bindings?: JenkinsBinding[]; environment?: boolean };

/** Reads the shell steps and variables of a Jenkinsfile. Each `sh` must have a `'''` string; other Groovy code is ignored. */
export function jenkinsfile(text: string): Jenkinsfile {
  const tokens = tokensOf(text);
  const result: Jenkinsfile = { environment: {}, steps: [] };
  const blocks: Block[] = [];
  let next: Block = {};
  for (const [index, { kind, text: word }] of tokens.entries()) {
    const [following, second] = tokens.slice(index + 1, index + 3);
    if (kind === "string") continue;
    if (word === "{") {
      blocks.push(next);
      next = {};
    } else if (word === "}") blocks.pop();
    else if (word === "stage") next = { stage: second?.text };
    else if (word === "withCredentials") next = { bindings: credentialsOf(tokens.slice(index + 1)) };
    else if (word === "environment") next = { environment: true };
    else if (word === "=" && blocks.at(-1)?.environment)
      result.environment[tokens[index - 1]?.text ?? ""] = literal(following);
    else if (word === "sh")
      result.steps.push({
        stage: blocks.findLast(({ stage }) => stage !== undefined)?.stage ?? "",
        script: shellText(following),
        bindings: blocks.flatMap(({ bindings = [] }) => bindings),
      });
  }
  return result;
}

/** The pipeline without the steps of a stage, as where Jenkins skips it by its `when`. Throws if there is no such stage. */
export function withoutStage(name: string, { environment, steps }: Jenkinsfile): Jenkinsfile {
  const left = steps.filter(({ stage }) => stage !== name);
  if (left.length === steps.length) throw new Error(`the pipeline has no stage ${name}`);
  return { environment, steps: left };
}

function literal(token: Token | undefined): string {
  if (token?.kind !== "string" || token.quote !== "'") throw new Error(`not a literal: ${token?.text}`);
  return token.text;
}

/** Double-quoted strings are rejected: Groovy would put variables, secrets among them, into the script's text. */
function shellText(token: Token | undefined): string {
  if (token?.kind !== "string" || token.quote !== "'''") throw new Error(`sh takes a text in ''', not ${token?.text}`);
  return token.text;
}
