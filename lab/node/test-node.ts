import { delimiter, join } from "node:path";
import { execa } from "execa";
import { say } from "../progress.ts";
import { nodeRelease, nodeReleases } from "./node-release.ts";

// Runs the program and engine tests on each newer Node.js: `npm run test:node -- [FILE …]`. The program, the language host, the
// fakes of plugins and the tests themselves all run on that release, since it is the first `node` on the PATH.
const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
const args = ["run", "--project", "program", "--project", "engine", ...process.argv.slice(2)];

for (const version of nodeReleases) {
  const folder = await nodeRelease(version);
  say(`Node.js ${version}`);
  const env = { PATH: [folder, process.env.PATH].join(delimiter) };
  const { exitCode } = await execa(join(folder, "node"), [vitest, ...args], { env, stdio: "inherit", reject: false });
  if (exitCode !== 0) process.exitCode = 1;
}
