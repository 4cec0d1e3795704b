import { describe, expect, it } from "vitest";
import { doctorText } from "../../../../operations/commands/doctor/doctor-text.ts";
import { examineParts, part } from "../../../../operations/health/part.ts";
import { OperationError } from "../../../../operations/operation-error.ts";

const finding = {
  ...{ check: "file-changed", problem: "/etc/x.conf was changed since the last up", where: "host 192.0.2.10" },
  ...{ affects: "everybody", cause: "somebody wrote it", lines: ["- two", "+ three"], symptoms: ["no push works"] },
  ...{ mend: "npm run -s registry -- doctor --fix --stack dev", fixable: true },
};

describe("the text of a diagnosis", () => {
  it("says problem, where, who suffers, how it came about, what follows, and the command", () => {
    expect(doctorText({ asked: ["host 192.0.2.10"], findings: [finding] })).toBe(
      [
        "1. /etc/x.conf was changed since the last up  [file-changed]",
        "   where    host 192.0.2.10",
        "   affects  everybody",
        "   cause    somebody wrote it",
        "   so       no push works",
        "            - two",
        "            + three",
        "   mend     npm run -s registry -- doctor --fix --stack dev",
        "",
        "1 problem; asked: host 192.0.2.10",
      ].join("\n"),
    );
  });

  it("says how much was read with --deep", () => {
    const images = { blobs: 12, bytes: 34_000_000, tags: 5, seconds: 6 };
    expect(doctorText({ asked: ["every image of host 192.0.2.10"], findings: [], images })).toBe(
      [
        "read: 12 blobs (34.0 MB) hashed and 5 tags resolved in 6 s",
        "nothing found: all is as the stack has it; asked: every image of host 192.0.2.10",
      ].join("\n"),
    );
  });

  it("says that nothing was found, and what --fix did", () => {
    const fixed = [{ where: "host 192.0.2.10" }, { where: "node worker", error: "SSH does not let root in" }];
    expect(doctorText({ asked: ["host 192.0.2.10"], findings: [], fixed })).toBe(
      [
        "mended: host 192.0.2.10 is as the last up had it",
        "not mended: node worker: SSH does not let root in",
        "nothing found: all is as the stack has it; asked: host 192.0.2.10",
      ].join("\n"),
    );
  });
});

describe("parts", () => {
  const problem = (text: string) => ({ problem: text, where: "", affects: "", mend: "", fixable: false });
  const checks = [{ id: "always", title: "", run: () => [problem("found")] }];

  it("that do not answer in time, or cannot be asked, are one finding each, and the others are still asked", async () => {
    const common = { checks, unreachable: { id: "unreachable", problem } };
    const all = await examineParts([
      part({ ...common, name: "slow", seconds: 0.01, look: () => new Promise<object>(() => {}) }),
      part({ ...common, name: "closed", look: () => Promise.reject(new OperationError("connection refused")) }),
      part({ ...common, name: "well", look: async () => ({}) }),
    ]);
    expect(all.map(({ finding: { check, problem } }) => `${check}: ${problem}`)).toEqual([
      "unreachable: slow does not answer within 0.01 s",
      "unreachable: connection refused",
      "always: found",
    ]);
  });

  it("whose question fails by a bug are no finding", async () => {
    const broken = part<object>({
      ...{ name: "broken", checks, unreachable: { id: "unreachable", problem } },
      look: () => Promise.reject(new TypeError("bug")),
    });
    await expect(examineParts([broken])).rejects.toThrow("bug");
  });
});
