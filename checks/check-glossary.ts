import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutFiles, root } from "./checkout-files.ts";
import { bannedWords, countByWord, findBannedWords, withoutGlossary, withoutUpgradeNotes } from "./glossary.ts";

const glossary = "CONTRIBUTING.md";

/** Recorded output of version 0.1, rendered files, which have the names that its hosts know, and names of packages. */
const skipped = /^test\/e2e\/upgrade\/version-0\.1\/|^test\/unit\/render\/snapshots\/|(^|\/)package-lock\.json$/;

/** What to look at alone, as in `npm run check:glossary -- hosts docs`; all of it is printed then. */
const folders = process.argv.slice(2);

/** How many findings are printed where the whole tree is looked at. */
const shown = 50;

const files = checkoutFiles()
  .filter((path) => !skipped.test(path))
  .filter((path) => folders.length === 0 || folders.some((folder) => path.startsWith(folder)))
  .flatMap((path) => read(path));
const findings = findBannedWords(files, bannedWords(readFileSync(join(root, glossary), "utf8")));

for (const { path, line, word, instead } of folders.length === 0 ? findings.slice(0, shown) : findings)
  console.log(`${path}${line > 0 ? `:${line}` : ""}: "${word}", say: ${instead}`);
if (findings.length > 0) {
  const counts = countByWord(findings).map(([word, count]) => `${word} ${count}`);
  console.error(`${findings.length} uses of words that the glossary in ${glossary} replaces: ${counts.join(", ")}`);
  process.exitCode = 1;
}

function read(path: string): { path: string; text: string }[] {
  const text = readFileSync(join(root, path), "utf8");
  if (text.includes("\0")) return [];
  if (path === glossary) return [{ path, text: withoutGlossary(text) }];
  return [{ path, text: path === "CHANGELOG.md" ? withoutUpgradeNotes(text) : text }];
}
