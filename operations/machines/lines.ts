/** Splits chunks of UTF-8 into lines. `end` gives out a last line without a line break. */
export function lineSplitter(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let rest = "";
  const give = (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
  return {
    write: (chunk) => give(decoder.decode(chunk, { stream: true })),
    end: () => {
      give(decoder.decode());
      if (rest !== "") onLine(rest);
    },
  };
}
