import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { applyScript, standardInput } from "../../../hosts/apply/apply-script.ts";
import { applicant, ScratchHost } from "./scratch-host.ts";

it("applyScript › writes files, tells what changed, and owes nothing afterwards", async () => {
  using host = new ScratchHost();
  const outcome = await host.apply({ one: "1\n", two: "it's $2 `two`\n" });

  expect(outcome).toMatchObject({ status: 0 });
  expect(JSON.parse(outcome.summary)).toEqual({ changed: [host.path("one"), host.path("two")], removed: [] });
  expect(host.read("two")).toBe("it's $2 `two`\n");
  expect(host.takeCalls()).toEqual(["preflight", "validate", "activate", "pending: reload-one,reload-two", "verify"]);
  expect(existsSync(join(host.state, "scratch/pending"))).toBe(false);
  expect(existsSync(join(host.state, "scratch/previous"))).toBe(false);
});

it("applyScript › touches nothing the second time", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  const before = statSync(host.path("one")).ino;
  host.takeCalls();
  const outcome = await host.apply({ one: "1\n" });

  expect(JSON.parse(outcome.summary)).toEqual({ changed: [], removed: [] });
  expect(statSync(host.path("one")).ino).toBe(before);
  expect(host.takeCalls()).toContain("pending: ");
});

it("applyScript › asks only for the action of the file that changed", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n", two: "2\n" });
  host.takeCalls();
  await host.apply({ one: "1\n", two: "3\n" });

  expect(host.takeCalls()).toContain("pending: reload-two");
});

it.each<[string, (path: string) => void]>([
  ["a deleted file", (path) => rmSync(path)],
  ["a changed file", (path) => writeFileSync(path, "by hand\n")],
  ["changed permissions", (path) => chmodSync(path, 0o666)],
])("applyScript › puts right %s", async (_, spoil) => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  spoil(host.path("one"));
  const outcome = await host.apply({ one: "1\n" });

  expect(JSON.parse(outcome.summary)).toEqual({ changed: [host.path("one")], removed: [] });
  expect(host.read("one")).toBe("1\n");
  expect(statSync(host.path("one")).mode & 0o777).toBe(0o644);
});

it("applyScript › removes what it no longer wants and leaves a foreign file", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n", two: "2\n" });
  writeFileSync(host.path("foreign"), "somebody's\n");
  const outcome = await host.apply({ one: "1\n" });

  expect(JSON.parse(outcome.summary)).toEqual({ changed: [], removed: [host.path("two")] });
  expect(existsSync(host.path("two"))).toBe(false);
  expect(host.read("foreign")).toBe("somebody's\n");
});

it.each(["preflight", "validate"])("applyScript › touches nothing when %s fails", async (step) => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  host.takeCalls();
  const outcome = await host.apply({ one: "2\n", two: "2\n" }, step);

  expect(outcome).toMatchObject({ status: 1, summary: "" });
  expect(outcome.words).toContain(`error: ${step} failed`);
  expect(host.read("one")).toBe("1\n");
  expect(existsSync(host.path("two"))).toBe(false);
  expect(host.takeCalls()).not.toContain("activate");
});

it("applyScript › owes nothing when it stops before the first file is in place", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  writeFileSync(host.path("two"), "a file where a folder is to be\n");
  const outcome = await host.apply({ one: "2\n", "two/three": "3\n" });

  expect(outcome.status).toBe(1);
  expect(host.read("one")).toBe("1\n");
  expect(existsSync(host.path("one.new"))).toBe(false);
  expect(existsSync(join(host.state, "scratch/pending"))).toBe(false);
});

it("applyScript › returns to what served when the change does not", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n", dropped: "g\n" });
  host.takeCalls();
  const outcome = await host.apply({ one: "2\n", two: "2\n" }, "verify");

  expect(outcome.status).toBe(1);
  expect(outcome.words).toMatch(/error: verify failed\nrolling back/);
  expect(host.read("one")).toBe("1\n");
  expect(host.read("dropped")).toBe("g\n");
  expect(existsSync(host.path("two"))).toBe(false);
  expect(host.takeCalls().filter((call) => call === "activate")).toHaveLength(2);
});

it("applyScript › aborts a first apply that never served", async () => {
  using host = new ScratchHost();
  const outcome = await host.apply({ one: "1\n" }, "verify");

  expect(outcome.status).toBe(1);
  expect(existsSync(host.path("one"))).toBe(false);
  expect(host.takeCalls().at(-1)).toBe("abort");
});

it("applyScript › starts from what last served after a power cut", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  const previous = join(host.state, "scratch/previous");
  mkdirSync(join(previous, "tree", host.path("."), "."), { recursive: true });
  writeFileSync(join(previous, "tree", host.path("one")), "1\n");
  writeFileSync(join(previous, "next"), "");
  writeFileSync(join(previous, "absent"), `${host.path("half")}\n`);
  writeFileSync(join(host.state, "scratch/pending"), "reload-half\n");
  writeFileSync(host.path("one"), "cut off\n");
  writeFileSync(host.path("half"), "cut off\n");
  host.takeCalls();
  const outcome = await host.apply({ one: "1\n" });

  expect(outcome).toMatchObject({ status: 0 });
  expect(existsSync(host.path("half"))).toBe(false);
  expect(host.read("one")).toBe("1\n");
  expect(host.takeCalls()).toContain("pending: reload-half");
});

it("applyScript › still knows what served before a power cut when the next apply is refused at once", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  await host.apply({ one: "2\n", half: "2\n" }, "power");
  expect((await host.apply({ one: "2\n" }, "preflight")).status).toBe(1);
  await host.apply({ one: "1\n" });

  expect(host.read("one")).toBe("1\n");
  expect(existsSync(host.path("half"))).toBe(false);
});

it("applyScript › keeps secret files from everybody else", async () => {
  using host = new ScratchHost();
  const secret = { path: host.path("secret"), mode: "0600" as const, action: "reload", text: "s3cret without newline" };
  const outcome = await host.applyBundle(host.bundle({}), { files: [secret] });

  expect(outcome.status).toBe(0);
  expect(host.read("secret")).toBe("s3cret without newline");
  expect(statSync(host.path("secret")).mode & 0o777).toBe(0o600);
  expect(outcome.words + outcome.summary).not.toContain("s3cret");
});

it("applyScript › refuses secrets that were cut short", async () => {
  using host = new ScratchHost();
  const bundle = host.bundle({ one: "1\n" });
  const outcome = await host.run(applyScript(bundle), standardInput(bundle, host.applicant, []).replace(/end\n$/, ""));

  expect(outcome.status).toBe(1);
  expect(outcome.words).toContain("standard input ended early");
  expect(existsSync(host.path("one"))).toBe(false);
});

it("applyScript › lets a second operator wait for the first", async () => {
  using host = new ScratchHost();
  const applyWith = (text: string, words: string) => {
    const bundle = host.bundle({ one: text });
    return host.applyBundle({ ...bundle, script: `${bundle.script}\n${words}\n` });
  };
  const noted = (word: string) =>
    vi.waitUntil(() => existsSync(host.calls) && readFileSync(host.calls, "utf8").includes(word), { timeout: 20_000 });

  const first = applyWith("1\n", 'hook_validate() { called validate; until [ -e "$calls.go" ]; do sleep 0.1; done; }');
  await noted("validate");
  const applied = applyWith("2\n", `say() { printf '%s\\n' "$1" >&2; printf '%s\\n' "$1" >>"$calls"; }`);
  await noted("waiting");
  writeFileSync(`${host.calls}.go`, "");

  expect((await first).status).toBe(0);
  const second = await applied;
  expect(second.status).toBe(0);
  expect(second.words).toMatch(/waiting for another apply: pid \d+, by /);
  expect(host.read("one")).toBe("2\n");
});

it("removeScript › removes what it wrote, and nothing else", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  writeFileSync(host.path("foreign"), "somebody's\n");
  host.takeCalls();
  const outcome = await host.remove();

  expect(outcome.status).toBe(0);
  expect(existsSync(host.path("one"))).toBe(false);
  expect(host.read("foreign")).toBe("somebody's\n");
  expect(host.takeCalls()).toEqual(["stop", "deactivate", "pending: reload-one"]);
  expect(existsSync(join(host.state, "scratch"))).toBe(false);
});

it("removeScript › leaves what was applied over another connection since", async () => {
  using host = new ScratchHost();
  await host.apply({ one: "1\n" });
  host.applicant = applicant("a", { application: "a-2" });
  await host.apply({ one: "1\n" });
  host.takeCalls();
  host.applicant = applicant("a");
  const outcome = await host.remove();

  expect(outcome).toMatchObject({
    status: 0,
    words: "left as it is: applied since over another connection to this machine\n",
  });
  expect(host.read("one")).toBe("1\n");
  expect(host.takeCalls()).toEqual([]);
});
