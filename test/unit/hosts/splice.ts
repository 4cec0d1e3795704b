import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsers } from "../../../hosts/apply/apply-script.ts";
import type { EntryFormat } from "../../../hosts/apply/bundle.ts";
import { shellFiles } from "../../../hosts/shell.ts";
import { type Shell, shells } from "./shells.ts";

const script = shellFiles(new URL("../../../hosts/apply/", import.meta.url), [
  "prelude",
  ...["text", ...Object.values(parsers).flat()].map((parser) => `entries/${parser}.awk`),
  "entries",
]);

export type Spliced = { status: number | null; text: string; notes: string[]; words: string };

export type SpliceArgs = {
  format: EntryFormat;
  text: string;
  wanted?: string;
  owned?: string;
  /** What our bundles created of the file before. */
  created?: string[];
  /** Whether entries that somebody else wrote are commented out where they say something else. */
  takeOver?: boolean;
  label?: string;
  shell?: Shell;
};

/** Our entries in and out of one text, by the script's own step. */
export function splice(args: SpliceArgs): Spliced {
  const {
    format,
    text,
    wanted = "",
    owned = "",
    created = [],
    takeOver = false,
    label = "trust",
    shell = shells[0],
  } = args;
  if (!shell) throw new Error("no shell");
  const stage = mkdtempSync(join(tmpdir(), "splice-"));
  try {
    const write = (name: string, content: string) => writeFileSync(join(stage, name), Buffer.from(content, "latin1"));
    const read = (name: string) => readFileSync(join(stage, name)).toString("latin1");
    for (const name of ["result", "notes"]) write(name, "");
    write("wanted", wanted);
    write("owned", owned);
    write("text", `${text}x`);
    const isCreated = `is_created() { case " ${created.join(" ")} " in *" \${1%% *} "*) ;; *) return 1 ;; esac; }`;
    const { status, stderr } = spawnSync(shell.sh, ["-c", `${script}\n${isCreated}\nsplice`], {
      env: { PATH: shell.path, stage, label, format, path: "/etc/the-file", take_over_entries: String(takeOver) },
      encoding: "utf8",
    });
    const notes = read("notes").split("\n").filter(Boolean);
    return { status, text: read("result"), notes, words: stderr };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** What a splice noted as created, for the one after it. */
export function createdThings({ notes }: Spliced): string[] {
  return notes.filter((note) => note.startsWith("created ")).map((note) => note.slice("created ".length));
}
