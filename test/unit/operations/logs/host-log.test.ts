import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hostLogProgram } from "../../../../operations/commands/logs/access-log.ts";
import { shells } from "../../hosts/shells.ts";
import { accessLine } from "./access-line.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "access logs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
const file = (name: string) => join(folder, name);
const write = (name: string, ...lines: string[]) =>
  writeFileSync(file(name), lines.map((line) => `${line}\n`).join(""));
const push = (account: string, seconds: number) =>
  accessLine({ at: ago(seconds), account, method: "PUT", status: 201 });

describe.each(shells)("the log of a registry host, with $name", ({ sh, path }) => {
  it("has manifests and failures of the last hour, from rolled files too, and of clients without an account", () => {
    write("access-2026-01-02T03-04-05.000.log", push("rolled", 600));
    write("access-2020-01-02T03-04-05.000.log", push("long-ago", 10));
    utimesSync(file("access-2020-01-02T03-04-05.000.log"), 1, 1);
    const blob = { at: ago(60), account: "steps", uri: "/v2/app/blobs/sha256:1" };
    write("access.log", push("old", 7200), push("now", 60), accessLine(blob), accessLine({ ...blob, status: 502 }));
    write("anonymous.log", accessLine({ at: ago(30) }));
    const program = `${hostLogProgram(folder, { seconds: 3600, follow: false }).replace(/>&2$/m, "")}`;
    const printed = execFileSync(sh, ["-c", program], { encoding: "utf8", env: { PATH: path } });
    const lines = printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ user_id, status }) => `${user_id} ${status}`).sort()).toEqual([
      ...[" 200", "now 201", "rolled 201", "steps 502"],
    ]);
  });

  it("goes on with new lines, also when the file is rolled", async () => {
    write("access.log", push("before", 60));
    const program = hostLogProgram(folder, { seconds: 3600, follow: true });
    const child = spawn(sh, ["-c", program], { env: { PATH: path }, detached: true });
    try {
      let printed = "";
      child.stderr.on("data", (chunk) => {
        printed += chunk;
      });
      const has = (account: string) =>
        vi.waitUntil(() => printed.includes(`"user_id":"${account}"`), { timeout: 10_000 });
      await has("before");
      appendFileSync(file("access.log"), `${push("after", 0)}\n`);
      await has("after");
      renameSync(file("access.log"), file("access-2026-01-02T03-04-05.000.log"));
      write("access.log", push("rolled", 0));
      await has("rolled");
    } finally {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    }
  });
});
