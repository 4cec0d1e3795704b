import type { Owner } from "../../settings/owner.ts";
import { hereDocument, shellFiles, shellWord } from "../shell.ts";
import type { Bundle, BundleEntry, BundleFile, EntryFormat } from "./bundle.ts";
import { withHooks } from "./hooks.ts";
import { runProgram, sentProgram } from "./sent-program.ts";

/**
 * How long an apply waits for another apply on the same host, in seconds. The other apply may be pulling images.
 * @default 300
 */
const lockWaitSeconds = 300;

/** The POSIX script that applies a bundle, or restores the old files on failure. It reads its program from standard input. */
export function applyScript(bundle: Bundle): string {
  const files = bundle.files.map(({ path, mode, action, text }) =>
    hereDocument(`file ${mode} ${action} ${shellWord(path)}`, text),
  );
  const entries = bundle.entries.map(({ path, format, action, text }) =>
    hereDocument(`entry ${format} ${action} ${shellWord(path)}`, text),
  );
  const directories = bundle.directories.map(({ path, mode }) => `directory ${mode} ${shellWord(path)}\n`);
  return [
    variables(bundle),
    shellFunction("files", files),
    shellFunction("entries", entries),
    shellFunction("directories", directories),
    runProgram("apply_bundle"),
  ].join("");
}

/** The script that removes what the bundle's manifest lists, and the data if the stack asks for that. */
export function removeScript(bundle: Bundle): string {
  return variables(bundle) + runProgram("remove_bundle");
}

/** Who applies a bundle. The script reads this from standard input. */
export type Applicant = {
  owner: Owner;
  /** An id that is new for each address that the bundle moves to. A removal with an earlier id changes nothing. */
  application: string;
};

/**
 * Standard input of both scripts: the program, the owner, a line for each secret file or entry, and the word `end`. The
 * program is not part of the command, since it would lengthen every preview and error.
 */
export function standardInput(
  bundle: Bundle,
  { owner, application }: Applicant,
  secretFiles: readonly BundleFile[],
  secretEntries: readonly BundleEntry[] = [],
): string {
  const files = secretFiles.map(({ path, mode, action, text }) => `${mode} ${action} ${path} ${base64(text)}`);
  const entries = secretEntries.map(({ path, format, action, text }) => `${format} ${action} ${path} ${base64(text)}`);
  const whose = ["owner", owner.id, owner.stack, application, ...owner.takeOverFrom].join(" ");
  return [sentProgram(program(bundle)).line, whose, ...files, ...entries, "end", ""].join("\n");
}

function variables(bundle: Bundle): string {
  const all = {
    bundle: bundle.name,
    owners: bundle.owners,
    entry_label: bundle.entryLabel,
    program_version: sentProgram(program(bundle)).version,
    lock_wait_seconds: String(lockWaitSeconds),
    ...bundle.variables,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}

/** The awk programs that edit each format, without their ending. */
export const parsers: Record<EntryFormat, readonly string[]> = {
  hosts: ["hosts"],
  "registries-yaml": ["registries-yaml", "registries-yaml-read", "registries-yaml-foreign", "yaml-values"],
  "daemon-json": ["daemon-json"],
};

/** The program that applies and removes a bundle. The bundle's own hooks replace the defaults. */
function program({ name, formats, script }: Bundle): string {
  const names = [
    ...["prelude", "owner", "lock", "host-paths", "receive"],
    ...["text", ...formats.flatMap((format) => parsers[format])].map((parser) => `entries/${parser}.awk`),
    ...[
      "entries",
      "shared",
      "compare",
      "created",
      "previous",
      "backup",
      "replaced-file",
      "write-files",
      "commit",
      "apply",
      "remove",
    ],
  ];
  return `${shellFiles(new URL("./", import.meta.url), names)}${withHooks({ name, script })}`;
}

function shellFunction(name: string, commands: string[]): string {
  return `${name}() {\n${commands.join("") || ":\n"}}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
