import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { confirmed } from "../../../../operations/confirm.ts";
import { up } from "../../../../operations/rotation/up.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { stubPrograms } from "../fake-programs.ts";

/** No process has it: the kernel counts to 4194304 at most. */
const endedPid = 4_194_305;
const lock = (holder: string) => `  file:///state/.pulumi/locks/organization/p/dev/a.json: created by ${holder}`;
const here = `root@${hostname()} (pid ${endedPid}) at 2027-01-15T00:00:00Z`;
const elsewhere = "dana@laptop-2 (pid 12) at 2027-01-15T08:30:00+01:00";

const folder = withFreshWorld((cleanup) => {
  cleanup.defer(() => vi.restoreAllMocks());
  return temporaryFolder(cleanup, "up");
});

/** A pulumi whose ups find these locks, one after the other, until one finds none. */
function locked(...holders: (readonly string[])[]): void {
  for (const [index, each] of holders.entries())
    writeFileSync(
      join(folder(), `up-${index + 1}`),
      [
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
        ...each.map(lock),
        "",
      ].join("\n"),
    );
  withPulumi(
    `up) count=$(grep -c ^up '${folder()}/calls'); [ ! -f '${folder()}'/up-$count ] || { cat '${folder()}'/up-$count >&2; exit 255; } ;;`,
  );
}

function withPulumi(answers: string): void {
  stubPrograms({ pulumi: `echo "$*" >>'${folder()}/calls'\ncase "$1" in\n${answers}\nesac` });
}

/** What Pulumi was told, a word each. */
const actions = () =>
  readFileSync(join(folder(), "calls"), "utf8")
    .trim()
    .split("\n")
    .map((call) => call.split(" ")[0]);

const run = (confirm?: (question: string) => Promise<boolean>) => up("dev", ["--stack", "dev"], confirm);

/** Somebody at a terminal, who types this. */
function terminal(typed: Readable): void {
  vi.spyOn(process, "stdin", "get").mockReturnValue(Object.assign(typed, { isTTY: true }) as typeof process.stdin);
  const screen = Object.assign(new PassThrough().resume(), { isTTY: true });
  vi.spyOn(process, "stderr", "get").mockReturnValue(screen as unknown as typeof process.stderr);
}

describe("a stack's lock", () => {
  it.each([
    ["of a host of this machine's name, on which no process has that id", here],
    ["of another machine", elsewhere],
  ])(
    "%s › is never given up unasked, and the error says whose it is, since when, and the next step",
    async (_whose, holder) => {
      locked([holder]);
      const [, who, since] = /^(.*) at (.*)$/.exec(holder) ?? [];
      await expect(run()).rejects.toThrow(
        `stack dev is locked by ${who} since ${since}; cancelling what still runs would break it. Once you are sure that it has ended: pulumi cancel --yes --stack dev, then this command again`,
      );
      expect(actions()).toEqual(["up"]);
    },
  );

  it("names every holder", async () => {
    locked([here, elsewhere]);
    await expect(run()).rejects.toThrow(
      /locked by root@.* and dana@laptop-2 \(pid 12\) since 2027-01-15T08:30:00\+01:00;/,
    );
  });

  it("is given up where somebody says yes, and up goes on", async () => {
    locked([here], [here]);
    const questions: string[] = [];
    await run(async (question) => questions.push(question) > 0);
    expect(actions()).toEqual(["up", "up", "cancel", "up"]);
    expect(questions).toEqual([
      expect.stringContaining(`root@${hostname()} (pid ${endedPid}) since 2027-01-15T00:00:00Z`),
    ]);
  });

  it("is not given up where it went while the question stood", async () => {
    locked([here]);
    await run(async () => true);
    expect(actions()).toEqual(["up", "up"]);
  });

  it("of another holder, taken while the question stood, needs a yes of its own", async () => {
    locked([here], [elsewhere]);
    const answers = [true, false];
    await expect(run(async () => answers.shift() ?? false)).rejects.toThrow("locked by dana@laptop-2");
    expect(actions()).toEqual(["up", "up"]);
  });

  it("is no matter of an up that fails otherwise: nobody is asked", async () => {
    withPulumi(
      "up) echo 'error: Jenkins does not answer; the job was created by a@b (pid 1) at noon' >&2; exit 255 ;;",
    );
    await expect(run(async () => true)).rejects.toThrow("pulumi up --stack dev failed; see above");
    expect(actions()).toEqual(["up"]);
  });
});

describe("a question", () => {
  it.each([
    ["y\n", true],
    ["Yes\n", true],
    ["\n", false],
    ["n\n", false],
    ["yesterday\n", false],
    ["", false],
  ])("that is answered with %j is agreed to: %s", async (typed, agreed) => {
    terminal(Readable.from([typed]));
    expect(await confirmed("Give it up?")).toBe(agreed);
  });

  it("is not asked, and not agreed to, without a terminal", async () => {
    vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from(["y\n"]) as typeof process.stdin);
    expect(await confirmed("Give it up?")).toBe(false);
  });
});
