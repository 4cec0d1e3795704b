import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { exists } from "../../lab/exists.ts";
import { stackFile } from "../../lab/stack.ts";

const checkout = new URL("../..", import.meta.url);

describe("npm start", () => {
  let output: string;
  beforeAll(async () => {
    output = await npmStart();
  });

  it.each([
    "✓ anonymous push refused",
    "✓ wrong password refused",
    "✓ push as jenkins works",
    "✓ anonymous pull works",
    "✓ the same image came back: sha256:",
  ])("proves: %s", (line) => {
    expect(output).toContain(line);
  });

  it("reports no changes the second time, in less than a minute", async () => {
    const started = performance.now();
    const again = await npmStart();
    expect(again).toMatch(/\d+ unchanged/);
    expect(again).not.toMatch(/\d+ (created|updated|replaced|deleted|changes)/);
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it("shows no password", async () => {
    const { stdout } = await inLab("pulumi stack output accounts --show-secrets");
    const passwords = Object.values<string>(JSON.parse(stdout));
    expect(passwords.length).toBeGreaterThan(0);
    for (const password of passwords) expect(output).not.toContain(password);
  });

  it("writes nothing into the checkout but the stack file that git ignores", async () => {
    expect(await exists(stackFile)).toBe(true);
    const { exitCode } = await execa("git", ["check-ignore", "--quiet", stackFile], { cwd: checkout, reject: false });
    expect(exitCode).toBe(0);
  });
});

describe("npm run lab:env", () => {
  it("makes a bare pulumi work on the lab's stack", async () => {
    const { stdout } = await inLab("pulumi preview --diff --expect-no-changes --non-interactive");
    expect(stdout).toContain("unchanged");
  });
});

async function npmStart(): Promise<string> {
  const { all } = await execa("npm", ["start"], { cwd: checkout, all: true, stdin: "ignore" });
  return all;
}

function inLab(command: string) {
  return execa("bash", ["-c", `eval "$(npm run -s lab:env)"; ${command}`], { cwd: checkout, stdin: "ignore" });
}
