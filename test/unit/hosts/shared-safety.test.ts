import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applicant } from "./scratch-host.ts";
import { SharedHost } from "./shared-host.ts";
import { sparseShells } from "./shells.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const mirrorOf = (host: string) => `mirrors:\n  ${host}:\n    endpoint:\n      - "https://${host}"\n`;
const taking = applicant("b", { takeOverFrom: ["a".repeat(16)] });

describe.each(sparseShells)("what another stack has on a machine ($name)", { timeout: 60_000 }, (shell) => {
  it.each(["preflight", "verify"])(
    "is still its own where a take-over fails at %s, and goes with it",
    async (failing) => {
      using host = new SharedHost(shell);
      await host.applyBy("a", { files: { "ca.crt": "CA of a\n" } });
      expect((await host.applyBy(taking, { files: { "ca.crt": "CA of b\n" }, failing })).status).toBe(1);
      expect(host.read("ca.crt")).toBe("CA of a\n");
      await host.removeBy("a");
      expect(host.files()).toEqual([]);
    },
  );

  it("is still found by the program before where the first apply after an upgrade fails", async () => {
    using host = new SharedHost(shell);
    const before = earlierFolder(host, "trust-k3s-r", [`0644 ${host.path("ca.crt")}`]);
    host.write("ca.crt", "CA\n");
    await host.applyBy("a", { files: { "ca.crt": "CA\n" }, failing: "preflight" });
    expect(statSync(join(before, "manifest")).isFile()).toBe(true);
  });

  it("stays where the program before listed it without a mark", async () => {
    using host = new SharedHost(shell);
    const lines = `192.0.2.2 s # container-registry trust-k3s-s\n127.0.0.1 localhost\n`;
    host.write("hosts", lines);
    earlierFolder(host, "trust-k3s-s", [`entry hosts ${host.path("hosts")} ${base64("192.0.2.2 s\n")}`]);
    await host.applyBy("a", { entries: [host.entry("hosts", "hosts", "192.0.2.1 r\n")] });
    expect(host.read("hosts")).toContain("192.0.2.2 s # container-registry trust-k3s-s\n");
    expect(host.read("hosts")).not.toContain("192.0.2.2 s # container-registry trust-k3s-r\n");
    await host.removeBy("a");
    expect(host.read("hosts")).toBe(lines);
  });

  it("comes back for root alone where it holds a password and the file was deleted", async () => {
    using host = new SharedHost(shell);
    const mirror = host.entry("registries-yaml", "registries.yaml", mirrorOf("r"));
    const login = 'configs:\n  r:\n    auth:\n      password: "correct horse"\n';
    await host.applyBy("a", { entries: [mirror, host.entry("registries-yaml", "registries.yaml", login)] });
    rmSync(host.path("registries.yaml"));
    await host.applyBy("b", { entries: [mirror] });
    expect(host.read("registries.yaml")).toContain("correct horse");
    expect(statSync(host.path("registries.yaml")).mode & 0o777).toBe(0o600);
  });
});

/** A bundle's folder as earlier versions of the program kept it: without an owner, and entries without marks. */
function earlierFolder(host: SharedHost, name: string, manifest: string[]): string {
  const folder = join(host.state, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "manifest"), `${manifest.join("\n")}\n`);
  writeFileSync(join(folder, "reach"), "ssh\n");
  return folder;
}
