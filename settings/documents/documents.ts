import { readFileSync } from "node:fs";
import { stackSchema } from "./json-schema.ts";
import { referenceTables } from "./reference.ts";

const reference = "docs/stack-file.md";

/** The line of docs/stack-file.md that separates handwritten text, above it, from generated tables, below it. */
const generatedHeading = "<!-- Below: written by npm run schema from settings/ -->";

/** The text of each generated document, by its path. The handwritten part of docs/stack-file.md is copied. */
export function documents(): Record<string, string> {
  const [byHand = ""] = readFileSync(new URL(`../../${reference}`, import.meta.url), "utf8").split(generatedHeading);
  return {
    "docs/stack.schema.json": `${JSON.stringify(stackSchema(), null, 2)}\n`,
    [reference]: `${byHand}${generatedHeading}\n\n${referenceTables()}\n`,
  };
}
