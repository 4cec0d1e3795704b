import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Applicant, applyScript, removeScript, standardInput } from "../../../hosts/apply/apply-script.ts";
import type { Bundle, BundleEntry, BundleFile, EntryFormat } from "../../../hosts/apply/bundle.ts";
import { type Shell, shells } from "./shells.ts";

export type Outcome = { status: number | null; summary: string; words: string };

/** Shell text that runs around the script, among mounts of its own. */
type Around = { before: string; after?: string };

/** A stack, by a letter. */
export function applicant(
  letter: string,
  more: Partial<Applicant["owner"]> & { application?: string } = {},
): Applicant {
  const { application = `${letter}-1`, ...owner } = more;
  return {
    owner: { id: letter.repeat(16), stack: `container-registry/${letter}`, takeOverFrom: [], ...owner },
    application,
  };
}

/** Records each call in a file, and fails where a word of `failing` says so. */
const script = `
called() { printf '%s\\n' "$1" >>"$calls"; case " $failing " in *" $1 "*) fail "$1 failed";; esac; }
hook_preflight() { called preflight; }
hook_validate() { called validate; }
hook_activate() { called activate; called "pending: $(paste -s -d, "$home/pending")"; case " $failing " in *" power "*) kill -9 $$ ;; esac; }
hook_verify() { called verify; }
hook_abort() { called abort; }
hook_stop() { called stop; }
hook_deactivate() { called deactivate; called "pending: $(paste -s -d, "$home/pending")"; }
`;

/** A folder that plays the host: the real script, run by the real sh, with its state and files in there. */
export class ScratchHost {
  readonly shell: Shell;
  readonly folder = mkdtempSync(join(tmpdir(), "scratch-host-"));
  readonly calls = join(this.folder, "calls");
  readonly state = join(this.folder, "state");
  /** Who applies and removes. */
  applicant = applicant("a");

  constructor(shell = shells[0]) {
    if (!shell) throw new Error("no shell");
    this.shell = shell;
    mkdirSync(join(this.folder, "etc"));
  }

  path(name: string): string {
    return join(this.folder, "etc", name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Somebody else's file. */
  write(name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text, { mode });
  }

  mode(name: string): number {
    return statSync(this.path(name)).mode & 0o777;
  }

  /** What the host has, paths from its etc. */
  files(): string[] {
    return readdirSync(join(this.folder, "etc"), { recursive: true }).map(String).sort();
  }

  takeCalls(): string[] {
    const calls = readFileSync(this.calls, "utf8").split("\n").filter(Boolean);
    writeFileSync(this.calls, "");
    return calls;
  }

  bundle(files: Record<string, string>, failing = ""): Bundle {
    return {
      name: "scratch",
      owners: "one",
      entryLabel: "scratch",
      directories: [{ path: join(this.folder, "etc"), mode: "0755" }],
      files: Object.entries(files).map(([name, text]) => this.file(name, text)),
      entries: [],
      formats: ["hosts", "registries-yaml", "daemon-json"],
      variables: { state: this.state, calls: this.calls, failing },
      script,
    };
  }

  file(name: string, text: string): BundleFile {
    return { path: this.path(name), mode: "0644", action: `reload-${name}`, text };
  }

  entry(format: EntryFormat, name: string, text: string): BundleEntry {
    return { path: this.path(name), format, action: `reload-${name}`, text };
  }

  applyEntries(entries: BundleEntry[], failing = "", around?: Around): Promise<Outcome> {
    return this.applyBundle({ ...this.bundle({}, failing), entries }, {}, around);
  }

  apply(files: Record<string, string>, failing = ""): Promise<Outcome> {
    return this.applyBundle(this.bundle(files, failing));
  }

  applyBundle(
    bundle: Bundle,
    { files = [], entries = [] }: { files?: BundleFile[]; entries?: BundleEntry[] } = {},
    around?: Around,
  ): Promise<Outcome> {
    return this.run(applyScript(bundle), standardInput(bundle, this.applicant, files, entries), around);
  }

  remove(more: Partial<Bundle> = {}, around?: Around): Promise<Outcome> {
    const bundle = { ...this.bundle({}), ...more };
    return this.run(removeScript(bundle), standardInput(bundle, this.applicant, []), around);
  }

  run(text: string, stdin: string, around?: Around): Promise<Outcome> {
    // Files belong to root: a tester who is not becomes root of a namespace.
    const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const within = [...asRoot, ...(around ? ["--mount"] : [])];
    const { sh, path } = this.shell;
    const script = around
      ? [
          "/bin/sh",
          "-c",
          `${around.before}\nPATH=${path} ${sh} -c "$1"; code=$?\n${around.after ?? ""}\nexit $code`,
          "sh",
          text,
        ]
      : [sh, "-c", text];
    const [command = sh, ...args] = [...(within.length ? ["/usr/bin/unshare", ...within] : []), ...script];
    const env = { PATH: around ? process.env.PATH : path };
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env });
    const outcome: Outcome = { status: null, summary: "", words: "" };
    child.stdout.on("data", (chunk) => {
      outcome.summary += chunk;
    });
    child.stderr.on("data", (chunk) => {
      outcome.words += chunk;
    });
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
    return new Promise((resolve) => child.on("close", (status) => resolve({ ...outcome, status })));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
