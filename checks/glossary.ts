/** A word that must not be used in this repository, and the term to use instead. */
export type BannedWord = {
  word: string;
  instead: string;
  /** Words are banned everywhere; identifiers, in backticks in the table, only as names in code. */
  identifier: boolean;
};

/** One use of a banned word. `line` is 0 where the file's own path has it. */
export type Finding = { path: string; line: number; word: string; instead: string };

export type TextFile = { path: string; text: string };

/** Lets its own line and the next one through: the literal is needed to read what earlier versions wrote. */
const compatibility = "written by version 0.1";

/** Names that Kubernetes, X.509 and JavaScript define, and English words that hold a banned one. */
const foreignNames = new RegExp(
  [
    "readinessGate",
    "readinessGates",
    "featureGate",
    "featureGates",
    "feature-gates",
    "certificate-authority",
    "certificate-authority-data",
    "microsoft_server_gated_crypto",
    "netscape_server_gated_crypto",
    "allSettled",
    "due to",
  ]
    .map((name) => `\\b${name}\\b`)
    .join("|"),
  "g",
);

/** Reads the banned words from the glossary table in CONTRIBUTING.md: | term | meaning | instead of |. */
export function bannedWords(contributing: string): BannedWord[] {
  return glossaryRows(contributing).flatMap(([term = "", , banned = ""]) =>
    banned
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "")
      .map((each) => ({ word: each.replaceAll("`", ""), instead: term, identifier: each.startsWith("`") })),
  );
}

/** Every use of a banned word in these files and in their paths. */
export function findBannedWords(files: readonly TextFile[], banned: readonly BannedWord[]): Finding[] {
  const patterns = banned.map((each) => ({ ...each, pattern: patternOf(each) }));
  return files.flatMap(({ path, text }) => {
    const lines = [path, ...text.split("\n")];
    return lines.flatMap((line, index) => {
      const isException = [line, index > 1 ? lines[index - 1] : ""].some((each) => each?.includes(compatibility));
      if (isException) return [];
      const prose = line.replaceAll(foreignNames, "");
      return patterns
        .filter(({ identifier, pattern }) => pattern.test(identifier ? codeOf(path, prose) : prose))
        .map(({ word, instead }) => ({ path, line: index, word, instead }));
    });
  });
}

/** Findings by word, the most frequent first. */
export function countByWord(findings: readonly Finding[]): [word: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { word } of findings) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** CONTRIBUTING.md without its glossary table, which has to name the banned words. */
export function withoutGlossary(contributing: string): string {
  return contributing.replace(/^\|.*$/gm, (line) => (isGlossaryRow(contributing, line) ? "" : line));
}

/** CHANGELOG.md without its upgrade notes, which name what was renamed. */
export function withoutUpgradeNotes(changelog: string): string {
  return changelog.replace(/\*\*Upgrade:\*\*[\s\S]*?(?=\n(?:- |#|\n)|$)/g, (note) => note.replace(/[^\n]/g, ""));
}

function glossaryRows(contributing: string): string[][] {
  const [, section = ""] = /^## Glossary$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(contributing) ?? [];
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function isGlossaryRow(contributing: string, line: string): boolean {
  const [term] = line
    .split("|")
    .slice(1)
    .map((cell) => cell.trim());
  return glossaryRows(contributing).some((row) => row[0] === term);
}

/**
 * Matches `blob-store` as blob-store, blob-stores, blobStore, BlobStore, blob_store and BLOB_STORE, and never inside another
 * word, as `tag` in `stage`. An identifier matches itself alone.
 */
function patternOf({ word, identifier }: BannedWord): RegExp {
  if (identifier) return new RegExp(`(?<![\\w$-])${word}(?![\\w$-])`);
  const separator = word.includes("-") ? "[-_]" : "[ _-]";
  const parts = word.split(/[ -]/);
  const lower = parts.join(separator);
  const camel = parts.map((part, index) => (index === 0 ? part : capitalized(part))).join("");
  const pascal = parts.map(capitalized).join("");
  const title = capitalized(lower);
  const endings = "(?:s|es|ed|d|ing|ly)?(?![a-z])";
  return new RegExp(
    [
      `(?<![A-Za-z])(?:${lower}|${title}|${camel})${endings}`,
      `(?<![A-Z])${pascal}${endings}`,
      `(?<![A-Za-z])${lower.toUpperCase()}S?(?![A-Za-z])`,
    ].join("|"),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The line without comments and texts; nothing of a file that is no code. */
function codeOf(path: string, line: string): string {
  if (/\.[jt]sx?$/.test(path)) return line.replace(/^\s*\/?\*.*|\/\/.*/, "").replace(/"[^"]*"|'[^']*'|`[^`$]*`/g, '""');
  if (/\.(sh|awk)$/.test(path)) return line.replace(/(^|\s)#.*/, "").replace(/'[^']*'|"[^"$]*"/g, '""');
  return "";
}
