import { describe, expect, it } from "vitest";
import type { ScratchHost } from "./scratch-host.ts";
import { SharedHost } from "./shared-host.ts";
import { sparseShells } from "./shells.ts";

describe("a bundle for another registry", { timeout: 60_000 }, () => {
  const entries = (host: ScratchHost, name: string, password: string) => [
    host.entry("hosts", "hosts", `192.0.2.1 ${name}\n`),
    host.entry(
      "registries-yaml",
      "registries.yaml",
      `mirrors:\n  ${name}:\n    endpoint:\n      - "https://${name}"\n`,
    ),
    host.entry(
      "registries-yaml",
      "registries.yaml",
      `configs:\n  ${name}:\n    auth:\n      password: "${password}"\n`,
    ),
    host.entry("daemon-json", "daemon.json", `{"insecure-registries":["${name}:5000"]}\n`),
  ];
  const old = (host: ScratchHost) => ({
    files: { "old/ca.crt": "1\n" },
    entries: entries(host, "old", "0ld"),
    entryLabel: "of-old",
  });
  const next = (host: ScratchHost) => ({
    files: { "new/ca.crt": "1\n" },
    entries: entries(host, "new", "n3w"),
    entryLabel: "of-new",
  });

  it.each(sparseShells)(
    "takes the old one's files, entries and credentials away in the same apply ($name)",
    async (shell) => {
      using host = new SharedHost(shell);
      host.write("registries.yaml", "mirrors:\n  theirs:\n    endpoint: [https://theirs]\n");
      await host.applyBy("a", old(host));
      host.takeCalls();
      expect(await host.applyBy("a", next(host))).toMatchObject({ status: 0, words: "" });

      expect(host.files()).toEqual(["daemon.json", "hosts", "new", "new/ca.crt", "registries.yaml"]);
      expect(host.read("hosts")).toBe("192.0.2.1 new # container-registry of-new\n");
      expect(host.read("registries.yaml")).not.toMatch(/old|0ld/);
      expect(host.read("registries.yaml")).toContain("n3w");
      expect(JSON.parse(host.read("daemon.json"))).toEqual({ "insecure-registries": ["new:5000"] });
      expect(host.takeCalls().join()).toMatch(/pending: .*reload-registries\.yaml/);
      await host.removeBy("a");
      expect(host.files()).toEqual(["registries.yaml"]);
      expect(host.read("registries.yaml")).toBe("mirrors:\n  theirs:\n    endpoint: [https://theirs]\n");
    },
  );

  it.each(["verify", "power"])("goes back to the old one when the apply ends in %s", async (end) => {
    using host = new SharedHost();
    await host.applyBy("a", old(host));
    const texts = () => ["old/ca.crt", "hosts", "registries.yaml", "daemon.json"].map((name) => host.read(name));
    const served = texts();
    await host.applyBy("a", { ...next(host), failing: end });
    if (end === "power") await host.applyBy("a", old(host));
    expect(texts()).toEqual(served);
    expect(host.files()).not.toContain("new");
    await host.removeBy("a");
    expect(host.files()).toEqual([]);
  });

  it("leaves the old one's to a stack that still has them", async () => {
    using host = new SharedHost();
    await host.applyBy("a", old(host));
    await host.applyBy("b", old(host));
    await host.applyBy("a", next(host));
    for (const password of ["0ld", "n3w"]) expect(host.read("registries.yaml")).toContain(password);
    await host.removeBy("a");
    expect(host.read("registries.yaml")).not.toContain("n3w");
    await host.removeBy("b");
    expect(host.files()).toEqual([]);
  });
});
