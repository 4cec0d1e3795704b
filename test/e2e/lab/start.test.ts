import { writeFile } from "node:fs/promises";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ensurePrograms } from "../../../lab/debian/debian.ts";
import { exists } from "../../../lab/exists.ts";
import { stackFile } from "../../../lab/stack.ts";
import { withWorld } from "../../with-world.ts";

const saltOfALostPassphrase = "v1:iYV8gYVzg3U=:v1:ufh2ndlOmpeLhXl2:9Jy+0kmOdECa64jsV6M+5p6WCSC8Rw==";
const checkout = new URL("../../..", import.meta.url);

describe("npm start", () => {
  const first = withWorld(async () => ({ output: await npmStart() }));

  it.each([
    "✓ anonymous push is rejected",
    "✓ wrong password is rejected",
    "✓ push as jenkins works",
    "✓ anonymous pull works",
    "✓ the pulled image is the pushed one: sha256:",
  ])("proves: %s", (line) => {
    expect(first().output).toContain(line);
  });

  describe("the second time, with the stack file of a lab that was removed from another checkout", () => {
    const second = withWorld(async () => {
      await writeFile(stackFile, `encryptionsalt: ${saltOfALostPassphrase}\nconfig: {}\n`);
      return { output: await npmStart() };
    });

    it("reports no changes", () => {
      const { output } = second();
      expect(output).toMatch(/\d+ unchanged/);
      expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted|changes)/);
    });
  });

  it("shows no password", async () => {
    const { stdout } = await inLab("pulumi stack output accounts --show-secrets");
    const passwords = Object.values<string>(JSON.parse(stdout));
    expect(passwords.length).toBeGreaterThan(0);
    for (const password of passwords) expect(first().output).not.toContain(password);
  });

  it("writes nothing into the checkout but the stack file that git ignores", async () => {
    await ensurePrograms({ git: ["git"] }, "this test asks git what it ignores: install git first");
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
