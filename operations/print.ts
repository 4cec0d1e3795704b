/** Prints a command's result on standard output: `value` as a JSON document with --json, else `text`. */
export function print({ json }: { json?: boolean | undefined }, value: unknown, text: string): void {
  console.log(json ? JSON.stringify(value, undefined, 2) : text);
}
