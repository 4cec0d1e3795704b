/** A token of a Jenkinsfile: a quoted string, a word or a sign. */
export type Token = { kind: "string"; quote: string; text: string } | { kind: "word" | "sign"; text: string };

/** The part of Groovy that Jenkinsfiles use: comments, four kinds of strings, names with dots, numbers, signs. */
const grammar =
  /(?<space>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<quote>'''|"""|'|")(?<text>(?:\\[\s\S]|(?!\k<quote>)[\s\S])*)\k<quote>|(?<word>[A-Za-z_$][\w$.]*|\d+)|(?<sign>[^\s\w'"])/y;

/** The tokens of a Jenkinsfile, without comments and white space. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    grammar.lastIndex = at;
    const found = grammar.exec(text);
    if (!found?.groups) throw new Error(`cannot parse this part of the Jenkinsfile: ${text.slice(at, at + 40)}`);
    const { quote, text: quoted, word, sign } = found.groups;
    if (quote !== undefined && quoted !== undefined) tokens.push({ kind: "string", quote, text: unescaped(quoted) });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    at = grammar.lastIndex;
  }
  return tokens;
}

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\n": "" };

/** Resolves Groovy's backslash escapes, a line continuation among them. */
function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}
