/** What a command says on standard output: text for people, or one JSON document. */
export function print({ json }: { json?: boolean | undefined }, value: unknown, text: string): void {
  console.log(json ? JSON.stringify(value, undefined, 2) : text);
}
