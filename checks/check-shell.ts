import { spawnSync } from "node:child_process";
import { ensurePrograms } from "../lab/debian/debian.ts";
import { checkoutFiles, root } from "./checkout-files.ts";

/** What the renderers' snapshots hold is checked where it comes from. */
const snapshots = /(^|\/)snapshots\//;

await ensurePrograms(
  { shellcheck: ["shellcheck"], shfmt: ["shfmt"] },
  "the check of shell scripts needs shellcheck and shfmt; install them (Debian: apt-get install shellcheck shfmt), then run it again",
);
const scripts = checkoutFiles().filter((path) => (path.endsWith(".sh") || path === ".ci/run") && !snapshots.test(path));

const linted = run("shellcheck", scripts);
// Settings: .editorconfig.
const formatted = run("shfmt", ["--diff", ...scripts]);
if (!formatted) console.error("shfmt would format these files otherwise: npm run fix");
process.exitCode = linted && formatted ? 0 : 1;

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status === 0;
}
