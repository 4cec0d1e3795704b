// `npm start` begins here, in plain JavaScript: a fresh clone has no node_modules to run TypeScript with.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `error: Node 20.19 or newer is required, and this is ${process.version}; install it from https://nodejs.org/`,
  );
  process.exit(1);
}

// npm writes this file last, so it is missing after an interrupted installation.
if (!existsSync(`${checkout}/node_modules/.package-lock.json`)) {
  console.error("▸ npm ci: install the dependencies in package-lock.json");
  run("npm", ["ci"]);
}
run(process.execPath, ["--import", "tsx", "lab/cli.ts", "start"]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: checkout, stdio: "inherit" });
  if (error) console.error(`error: ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
