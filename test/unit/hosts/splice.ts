import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EntryFormat } from "../../../hosts/apply/bundle.ts";
import { shellFiles } from "../../../hosts/shell.ts";
import { type Shell, shells } from "./shells.ts";

const script = shellFiles(new URL("../../../hosts/apply/", import.meta.url), [
  "prelude",
  "entries/text.awk",
  "entries/hosts.awk",
  "entries/registries-yaml.awk",
  "entries/daemon-json.awk",
  "entries",
]);

export type Spliced = { status: number | null; text: string; notes: string[]; own: string; words: string };

export type SpliceArgs = {
  format: EntryFormat;
  text: string;
  wanted?: string;
  owned?: string;
  /** What our bundles created of the file before. */
  created?: string[];
  label?: string;
  shell?: Shell;
};

/** Our entries in and out of one text, by the script's own step. */
export function splice(args: SpliceArgs): Spliced {
  const { format, text, wanted = "", owned = "", created = [], label = "trust", shell = shells[0] } = args;
  if (!shell) throw new Error("no shell");
  const stage = mkdtempSync(join(tmpdir(), "splice-"));
  try {
    const write = (name: string, content: string) => writeFileSync(join(stage, name), Buffer.from(content, "latin1"));
    const read = (name: string) => readFileSync(join(stage, name)).toString("latin1");
    for (const name of ["result", "notes", "own"]) write(name, "");
    write("wanted", wanted);
    write("owned", owned);
    write("text", `${text}x`);
    const isCreated = `is_created() { case " ${created.join(" ")} " in *" \${1%% *} "*) ;; *) return 1 ;; esac; }`;
    const { status, stderr } = spawnSync(shell.sh, ["-c", `${script}\n${isCreated}\nsplice`], {
      env: { PATH: shell.path, stage, label, format, path: "/etc/the-file" },
      encoding: "utf8",
    });
    const notes = read("notes").split("\n").filter(Boolean);
    return { status, text: read("result"), notes, own: read("own"), words: stderr };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** What a splice noted as created, for the one after it. */
export function createdThings({ notes }: Spliced): string[] {
  return notes.filter((note) => note.startsWith("created ")).map((note) => note.slice("created ".length));
}
