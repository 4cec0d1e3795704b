import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensurePrograms } from "../lab/debian/debian.ts";

const root = join(import.meta.dirname, "..");

/** What the renderers' snapshots hold is checked where it comes from. */
const snapshots = /(^|\/)snapshots\//;

await ensurePrograms(
  { shellcheck: ["shellcheck"], shfmt: ["shfmt"] },
  "the check of shell scripts needs shellcheck and shfmt; install them (Debian: apt-get install shellcheck shfmt), then run it again",
);
const scripts = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => (path.endsWith(".sh") || path === ".ci/run") && !snapshots.test(path));

const linted = run("shellcheck", scripts);
// Settings: .editorconfig.
const formatted = run("shfmt", ["--diff", ...scripts]);
if (!formatted) console.error("shfmt would format these files otherwise: npm run fix");
process.exitCode = linted && formatted ? 0 : 1;

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status === 0;
}
