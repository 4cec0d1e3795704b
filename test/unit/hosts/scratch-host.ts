import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyScript, removeScript, standardInput } from "../../../hosts/apply-script.ts";
import type { Bundle, BundleFile } from "../../../hosts/bundle.ts";

export type Outcome = { status: number | null; summary: string; words: string };

/** Records each call in a file, and fails where a word of `failing` says so. */
const script = `
called() { printf '%s\\n' "$1" >>"$calls"; case " $failing " in *" $1 "*) fail "$1 failed";; esac; }
preflight() { called preflight; }
validate() { called validate; }
activate() { called activate; called "pending: $(paste -s -d, "$home/pending")"; }
verify() { called verify; }
withdraw() { called withdraw; }
remove_data() { called remove_data; }
`;

/** A folder that plays the host: the real script, run by the real sh, with its state and files in there. */
export class ScratchHost {
  readonly folder = mkdtempSync(join(tmpdir(), "scratch-host-"));
  readonly calls = join(this.folder, "calls");
  readonly state = join(this.folder, "state");

  path(name: string): string {
    return join(this.folder, "etc", name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  takeCalls(): string[] {
    const calls = readFileSync(this.calls, "utf8").split("\n").filter(Boolean);
    writeFileSync(this.calls, "");
    return calls;
  }

  bundle(files: Record<string, string>, failing = ""): Bundle {
    return {
      name: "scratch",
      reach: "ssh",
      directories: [{ path: join(this.folder, "etc"), mode: "0755" }],
      files: Object.entries(files).map(([name, text]) => this.file(name, text)),
      entries: [],
      variables: { state: this.state, calls: this.calls, failing },
      script,
    };
  }

  file(name: string, text: string): BundleFile {
    return { path: this.path(name), mode: "0644", action: `reload-${name}`, text };
  }

  apply(files: Record<string, string>, failing = ""): Promise<Outcome> {
    return this.applyBundle(this.bundle(files, failing));
  }

  applyBundle(bundle: Bundle, secretFiles: BundleFile[] = []): Promise<Outcome> {
    return this.run(applyScript(bundle), standardInput(bundle, secretFiles));
  }

  remove(reach: Bundle["reach"] = "ssh"): Promise<Outcome> {
    const bundle = { ...this.bundle({}), reach };
    return this.run(removeScript(bundle), standardInput(bundle, []));
  }

  run(text: string, stdin: string): Promise<Outcome> {
    // Files belong to root: a tester who is not becomes root of a namespace.
    const asRoot = process.getuid?.() === 0 ? [] : ["unshare", "--user", "--map-root-user"];
    const [command = "sh", ...args] = [...asRoot, "sh", "-c", text];
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
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
