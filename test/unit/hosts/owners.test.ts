import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applicant, ScratchHost } from "./scratch-host.ts";

describe("a bundle of one owner", { timeout: 60_000 }, () => {
  it("is refused to another stack by name and owner, with the way out, before anything is touched", async () => {
    using host = new ScratchHost();
    await host.apply({ one: "1\n" });
    host.takeCalls();
    host.applicant = applicant("b");
    const { status, words } = await host.apply({ one: "2\n" });

    expect(status).toBe(1);
    expect(words).toContain(
      "this machine's scratch belongs to the stack container-registry/a (owner aaaaaaaaaaaaaaaa)",
    );
    expect(words).toContain("takeOverFrom");
    expect(words).toContain("another machine");
    expect(host.read("one")).toBe("1\n");
    expect(host.takeCalls()).toEqual([]);
  });

  it("is left alone by another stack's removal, which ends well", async () => {
    using host = new ScratchHost();
    await host.apply({ one: "1\n" });
    host.applicant = applicant("b");
    const { status, words } = await host.remove();

    expect(status).toBe(0);
    expect(words).toBe("left as it is: it belongs to the stack container-registry/a (owner aaaaaaaaaaaaaaaa)\n");
    expect(host.read("one")).toBe("1\n");
  });

  it("becomes that of a stack that takes over from its owner, who is then refused and removes nothing", async () => {
    using host = new ScratchHost();
    await host.apply({ one: "1\n" });
    host.applicant = applicant("b", { takeOverFrom: ["c".repeat(16), "a".repeat(16)] });
    expect((await host.apply({ one: "2\n" })).status).toBe(0);

    host.applicant = applicant("a");
    expect((await host.apply({ one: "1\n" })).words).toContain("belongs to the stack container-registry/b");
    expect((await host.remove()).status).toBe(0);
    expect(host.read("one")).toBe("2\n");
  });

  it("stays its owner's when a take-over fails", async () => {
    using host = new ScratchHost();
    await host.apply({ one: "1\n" });
    host.applicant = applicant("b", { takeOverFrom: ["a".repeat(16)] });
    expect((await host.apply({ one: "2\n" }, "verify")).status).toBe(1);
    host.applicant = applicant("a");
    expect(await host.apply({ one: "1\n" })).toMatchObject({ status: 0 });
  });

  it("has no owner where an earlier version of the program applied it, and becomes the next stack's", async () => {
    using host = new ScratchHost();
    await host.apply({ one: "1\n" });
    rmSync(join(host.state, "scratch/owner"));
    writeFileSync(join(host.state, "scratch/reach"), "ssh\n");
    host.applicant = applicant("b");
    expect(await host.apply({ one: "1\n" })).toMatchObject({ status: 0 });
    host.applicant = applicant("a");
    expect((await host.apply({ one: "1\n" })).status).toBe(1);
  });
});
