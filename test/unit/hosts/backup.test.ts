import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScratchHost } from "./scratch-host.ts";

describe("somebody's file at a path of ours", { timeout: 30_000 }, () => {
  it("comes back at the end, with its mode", async () => {
    using host = new ScratchHost();
    host.write("hosts.toml", "theirs\n", 0o600);
    await host.apply({ "hosts.toml": "ours\n" });
    await host.apply({ "hosts.toml": "ours, changed\n" });
    expect(host.read("hosts.toml")).toBe("ours, changed\n");
    await host.remove();
    expect(host.read("hosts.toml")).toBe("theirs\n");
    expect(host.mode("hosts.toml")).toBe(0o600);
    expect(host.files()).toEqual(["hosts.toml"]);
  });

  it("comes back when the path is dropped", async () => {
    using host = new ScratchHost();
    host.write("hosts.toml", "theirs\n");
    await host.apply({ "hosts.toml": "ours\n" });
    const outcome = await host.apply({ other: "ours\n" });
    expect(JSON.parse(outcome.summary).removed).toEqual([host.path("hosts.toml")]);
    expect(host.read("hosts.toml")).toBe("theirs\n");
    expect(existsSync(join(host.state, "scratch/displaced"))).toBe(false); // written by version 0.1
    await host.remove();
    expect(host.files()).toEqual(["hosts.toml"]);
  });

  it("comes back even where it says the same as ours", async () => {
    using host = new ScratchHost();
    host.write("hosts.toml", "same\n");
    expect(JSON.parse((await host.apply({ "hosts.toml": "same\n" })).summary).changed).toEqual([]);
    await host.remove();
    expect(host.read("hosts.toml")).toBe("same\n");
  });

  it("comes back as the link it was", async () => {
    using host = new ScratchHost();
    symlinkSync("/nowhere/hosts.toml", host.path("hosts.toml"));
    await host.apply({ "hosts.toml": "ours\n" });
    expect(lstatSync(host.path("hosts.toml")).isSymbolicLink()).toBe(false);
    await host.remove();
    expect(readlinkSync(host.path("hosts.toml"))).toBe("/nowhere/hosts.toml");
  });

  it.each(["verify", "power"])("comes back after an apply that ended in %s", async (end) => {
    using host = new ScratchHost();
    host.write("hosts.toml", "theirs\n");
    await host.apply({ "hosts.toml": "ours\n" }, end);
    await host.remove();
    expect(host.read("hosts.toml")).toBe("theirs\n");
    await host.apply({ "hosts.toml": "ours\n" });
    await host.remove();
    expect(host.read("hosts.toml")).toBe("theirs\n");
  });

  it("is not what we wrote before, whoever changed it since", async () => {
    using host = new ScratchHost();
    await host.apply({ "hosts.toml": "ours\n" });
    host.write("hosts.toml", "by hand\n");
    await host.apply({ "hosts.toml": "ours\n" });
    await host.remove();
    expect(host.files()).toEqual([]);
  });

  it("that is a directory is refused by name", async () => {
    using host = new ScratchHost();
    mkdirSync(host.path("hosts.toml"));
    const { status, words } = await host.apply({ "hosts.toml": "ours\n" });
    expect({ status, words }).toEqual({
      status: 1,
      words: `error: ${host.path("hosts.toml")}: a directory is in the way; nothing was touched\n`,
    });
  });
});
