import { readFileSync } from "node:fs";
import { stackSchema } from "./json-schema.ts";
import { referenceTables } from "./reference.ts";

const reference = "docs/stack-file.md";

/** Everything above this line of the reference is written by hand. */
const generatedHeading = "<!-- Below: written by npm run schema from settings/ -->";

/** The documents made from the schemas, by path. */
export function documents(): Record<string, string> {
  const [byHand = ""] = readFileSync(new URL(`../../${reference}`, import.meta.url), "utf8").split(generatedHeading);
  return {
    "docs/stack.schema.json": `${JSON.stringify(stackSchema(), null, 2)}\n`,
    [reference]: `${byHand}${generatedHeading}\n\n${referenceTables()}\n`,
  };
}
