import type { Token } from "./jenkinsfile-tokens.ts";

/** What `withCredentials` binds, as in `file(credentialsId: 'passphrase', variable: 'PASSPHRASE_FILE')`. */
export type JenkinsBinding = {
  /** `usernamePassword`, `string` or `file`. */
  kind: string;
  /** The binding's arguments by name; `${NAME}` stands for a variable of the job. */
  args: Record<string, string>;
};

/** Reads the bindings of a `withCredentials([…])`: all tokens up to the closing bracket. */
export function credentialsOf(tokens: readonly Token[]): JenkinsBinding[] {
  const end = tokens.findIndex(({ kind, text }) => kind === "sign" && text === "]");
  const within = tokens.slice(0, end);
  const bindings: JenkinsBinding[] = [];
  for (const [index, { kind, text }] of within.entries()) {
    const [following, value] = within.slice(index + 1, index + 3);
    if (kind !== "word") continue;
    if (following?.text === "(") bindings.push({ kind: text, args: {} });
    else if (following?.text === ":" && value) Object.assign(bindings.at(-1)?.args ?? {}, { [text]: template(value) });
  }
  return bindings;
}

/** Writes an argument's value as one template, `…${NAME}…`: the argument is either `env.NAME` or a string. */
function template(token: Token): string {
  if (token.kind === "string") return token.text;
  if (!token.text.startsWith("env.")) throw new Error(`neither a text nor env.NAME: ${token.text}`);
  return `\${${token.text.slice("env.".length)}}`;
}
