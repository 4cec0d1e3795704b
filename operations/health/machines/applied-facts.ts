import { OperationError } from "../../operation-error.ts";

/** A file that the last apply wrote, and what is at its path now. */
export type AppliedFile = {
  path: string;
  mode: string;
  /** `undefined` for a directory. */
  sha256: string | undefined;
  now: "missing" | "link" | { mode: string; owner: string; sha256: string; changedAt: Date };
  /** The text that is there now, of a changed file that is no secret. */
  text?: string;
};

type AppliedEntry = { path: string; format: string; isThere: boolean };

/** An entry that somebody else wrote, and that said the same as the stack's when `up` found it. */
type AdoptedEntry = { path: string; isChanged: boolean };

/** What an apply left on a machine, compared with what is there now. */
export type AppliedFacts = {
  /** The machine's clock. */
  clock: Date;
  addresses: readonly string[];
  /** The rest is missing where no apply of this stack has been. */
  applied?: { at: Date; owner: string; isInterrupted: boolean };
  files: readonly AppliedFile[];
  entries: readonly AppliedEntry[];
  adopted: readonly AdoptedEntry[];
};

/** What is not as the apply left it, in words that follow a colon. */
export function lacks({ applied, files, entries, adopted }: AppliedFacts): string[] {
  if (applied === undefined) return ["no up has set it up"];
  const changed = files.flatMap((file) => {
    const difference = differenceOf(file);
    return difference === undefined ? [] : [`${file.path} ${difference}`];
  });
  const lost = pathsOfLost(entries).map((path) => `${path} lacks the entry for the registry`);
  return [...changed, ...lost, ...pathsOfChanged(adopted).map((path) => `${path} has changed at the entry by hand`)];
}

/** How a file differs from what was written; undefined if it does not. */
export function differenceOf({ mode, sha256, now }: AppliedFile): string | undefined {
  if (now === "missing") return "is missing";
  if (now === "link") return "is a link, not the file that up wrote";
  if (sha256 !== undefined && now.sha256 !== sha256) return "was changed since the last up";
  if (now.mode !== mode || now.owner !== "0:0")
    return `has mode ${now.mode} and owner ${now.owner} instead of ${mode} and 0:0`;
  return undefined;
}

/** The files of others that have lost an entry, each once. */
export function pathsOfLost(entries: AppliedFacts["entries"]): string[] {
  return [...new Set(entries.filter(({ isThere }) => !isThere).map(({ path }) => path))];
}

/** The files where an entry that somebody else wrote is no longer as `up` found it, each once. */
export function pathsOfChanged(adopted: AppliedFacts["adopted"]): string[] {
  return [...new Set(adopted.filter(({ isChanged }) => isChanged).map(({ path }) => path))];
}

/** The lines that the script prints, as words behind their first word. */
export function lines(output: string, word: string): string[][] {
  return output
    .split("\n")
    .map((line) => line.trim().split(" "))
    .filter(([first]) => first === word)
    .map(([, ...words]) => words);
}

/** Reads what the script of appliedFilesScript prints. */
export function appliedFacts(output: string): AppliedFacts {
  const [[clock = ""] = []] = lines(output, "clock");
  if (!/^\d+$/.test(clock)) throw new OperationError("the machine's answer cannot be read: it says no time");
  const [[at] = []] = lines(output, "applied");
  const [[owner = ""] = []] = lines(output, "owner");
  const texts = new Map(lines(output, "text").map(([path = "", text = ""]) => [path, fromBase64(text)]));
  return {
    clock: time(clock),
    addresses: lines(output, "addresses").flat().filter(Boolean),
    ...(at && { applied: { at: time(at), owner, isInterrupted: lines(output, "interrupted").length > 0 } }),
    files: lines(output, "file").map((words) => file(words, texts)),
    entries: lines(output, "entry").map(([path = "", format = "", there]) => ({
      ...{ path, format, isThere: there === "there" },
    })),
    adopted: lines(output, "adopted").map(([path = "", , there]) => ({ path, isChanged: there !== "there" })),
  };
}

function file([path = "", mode = "", sum = "", ...now]: string[], texts: ReadonlyMap<string, string>): AppliedFile {
  const text = texts.get(path);
  const [actual = "", owner = "", sha256 = "", changed = ""] = now;
  return {
    ...{ path, mode, sha256: sum === "-" ? undefined : sum },
    now: actual === "missing" || actual === "link" ? actual : { mode: actual, owner, sha256, changedAt: time(changed) },
    ...(text !== undefined && { text }),
  };
}

function time(seconds: string): Date {
  return new Date(Number(seconds) * 1000);
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
