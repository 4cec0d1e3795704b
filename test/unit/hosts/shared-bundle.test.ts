import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BundleEntry } from "../../../hosts/apply/bundle.ts";
import { applicant, type ScratchHost } from "./scratch-host.ts";
import { SharedHost } from "./shared-host.ts";
import { sparseShells } from "./shells.ts";

describe("a bundle of several owners", { timeout: 60_000 }, () => {
  const line = (host: ScratchHost, address = "192.0.2.1") => host.entry("hosts", "hosts", `${address} r\n`);
  const daemon = (host: ScratchHost) =>
    host.entry("daemon-json", "daemon.json", '{"insecure-registries":["r:5000"]}\n');
  const mirrors = (host: ScratchHost, url = "https://r") =>
    host.entry("registries-yaml", "registries.yaml", `mirrors:\n  r:\n    endpoint:\n      - "${url}"\n`);
  const configs = (host: ScratchHost, password: string) =>
    host.entry("registries-yaml", "registries.yaml", `configs:\n  r:\n    auth:\n      password: "${password}"\n`);

  it.each(sparseShells)(
    "changes nothing for the second stack, and stays until the last of them has gone ($name)",
    async (shell) => {
      using host = new SharedHost(shell);
      host.write("hosts", "127.0.0.1 localhost\n");
      host.write("daemon.json", '{"debug": true}');
      const wanted = { files: { "certs.d/r/ca.crt": "CA\n" }, entries: [line(host), daemon(host), mirrors(host)] };
      await host.applyBy("a", wanted);
      const texts = () =>
        ["certs.d/r/ca.crt", "hosts", "daemon.json", "registries.yaml"].map((name) => host.read(name));
      const served = texts();
      expect(JSON.parse((await host.applyBy("b", wanted)).summary)).toEqual({ changed: [], removed: [] });

      expect((await host.removeBy("a")).status).toBe(0);
      expect(texts()).toEqual(served);
      expect((await host.removeBy("b")).status).toBe(0);
      expect(host.files()).toEqual(["daemon.json", "hosts"]);
      expect(host.read("hosts")).toBe("127.0.0.1 localhost\n");
      expect(host.read("daemon.json")).toBe('{"debug": true}');
      expect(readdirSync(host.state)).toEqual(["lock"]);
    },
  );

  it("keeps what another stack still has when one of them wants less", async () => {
    using host = new SharedHost();
    const entries = [line(host), mirrors(host)];
    await host.applyBy("a", { files: { "ca.crt": "CA\n" }, entries });
    await host.applyBy("b", { files: { "ca.crt": "CA\n" }, entries });
    expect(JSON.parse((await host.applyBy("a", {})).summary)).toEqual({ changed: [], removed: [] });
    expect(host.files()).toEqual(["ca.crt", "hosts", "registries.yaml"]);
    await host.removeBy("a");
    expect(host.files()).toEqual(["ca.crt", "hosts", "registries.yaml"]);
    await host.removeBy("b");
    expect(host.files()).toEqual([]);
  });

  it("is refused where another stack keeps another CA there, with its name and the way out", async () => {
    using host = new SharedHost();
    await host.applyBy("a", { files: { "ca.crt": "CA of a\n" } });
    const { status, words } = await host.applyBy("b", { files: { "ca.crt": "CA of b\n", more: "b\n" } });

    expect(status).toBe(1);
    expect(words).toMatch(/ca\.crt: the stack container-registry\/a \(owner a{16}\) has other content there/);
    expect(words).toContain("takeOverFrom");
    expect(host.read("ca.crt")).toBe("CA of a\n");
    expect(host.files()).toEqual(["ca.crt"]);
    await host.removeBy("a");
    expect(host.files()).toEqual([]);
  });

  it.each<[string, (host: ScratchHost, which: "a" | "b") => BundleEntry[], string]>([
    ["address for the same name", (host, which) => [line(host, which === "a" ? "192.0.2.1" : "192.0.2.2")], "hosts"],
    ["mirror", (host, which) => [mirrors(host, `https://${which}`)], "registries.yaml"],
    ["password", (host, which) => [mirrors(host), configs(host, which)], "registries.yaml"],
  ])("is refused where another stack has another %s", async (_, entries, name) => {
    using host = new SharedHost();
    await host.applyBy("a", { entries: entries(host, "a") });
    const before = host.read(name);
    const { status, words } = await host.applyBy("b", { entries: entries(host, "b") });

    expect(status).toBe(1);
    expect(words).toContain(`${host.path(name)}: the stack container-registry/a`);
    expect(host.read(name)).toBe(before);
  });

  it("keeps the credentials that only one stack has when the other goes, and takes them out with that one", async () => {
    using host = new SharedHost();
    await host.applyBy("a", { entries: [mirrors(host), configs(host, "s3cret")] });
    await host.applyBy("b", { entries: [mirrors(host)] });
    expect(host.read("registries.yaml")).toContain("s3cret");
    await host.removeBy("a");
    expect(host.read("registries.yaml")).not.toContain("s3cret");
    expect(host.read("registries.yaml")).toContain('"https://r"');
    await host.removeBy("b");
    expect(host.files()).toEqual([]);
  });

  it.each(sparseShells)(
    "takes over from an owner: its content changes, and the former owner's end removes nothing of it ($name)",
    async (shell) => {
      using host = new SharedHost(shell);
      const entries = (address: string) => [line(host, address), mirrors(host, `https://${address}`)];
      await host.applyBy(
        "a",
        { files: { "ca.crt": "CA of a\n", only: "a\n" }, entries: entries("192.0.2.1") },
        "node-a",
      );
      const taking = applicant("b", { takeOverFrom: ["a".repeat(16)] });
      const wanted = { files: { "ca.crt": "CA of b\n" }, entries: entries("192.0.2.2") };
      expect(await host.applyBy(taking, wanted, "node-b")).toMatchObject({ status: 0, words: "" });
      expect(host.read("ca.crt")).toBe("CA of b\n");
      expect(host.read("hosts")).toBe("192.0.2.2 r # container-registry trust-k3s-r\n");

      await host.removeBy("a", "node-a");
      expect(host.files()).toEqual(["ca.crt", "hosts", "registries.yaml"]);
      await host.removeBy(taking, "node-b");
      expect(host.files()).toEqual([]);
    },
  );

  it("takes over a whole bundle of the same name after a lost state", async () => {
    using host = new SharedHost();
    await host.applyBy("a", { files: { "ca.crt": "CA\n", only: "a\n" }, entries: [line(host)] });
    const taking = applicant("b", { takeOverFrom: ["a".repeat(16)] });
    await host.applyBy(taking, { files: { "ca.crt": "CA\n" } });
    expect(host.files()).toEqual(["ca.crt"]);
    await host.removeBy(taking);
    expect(host.files()).toEqual([]);
  });

  it("hands on the backup of a foreign file, which returns with the last of them", async () => {
    using host = new SharedHost();
    host.write("hosts.toml", "theirs\n", 0o600);
    await host.applyBy("a", { files: { "hosts.toml": "ours\n" } });
    await host.applyBy("b", { files: { "hosts.toml": "ours\n" } });
    await host.removeBy("a");
    expect(host.read("hosts.toml")).toBe("ours\n");
    await host.removeBy("b");
    expect(host.read("hosts.toml")).toBe("theirs\n");
    expect(host.mode("hosts.toml")).toBe(0o600);
    expect(host.files()).toEqual(["hosts.toml"]);
  });

  it("hands on the backup when one of them no longer lists the file, and when it is taken over", async () => {
    using host = new SharedHost();
    host.write("hosts.toml", "theirs\n");
    await host.applyBy("a", { files: { "hosts.toml": "ours\n" } });
    await host.applyBy("b", { files: { "hosts.toml": "ours\n" } });
    await host.applyBy("a", {});
    const taking = applicant("c", { takeOverFrom: ["b".repeat(16)] });
    await host.applyBy(taking, { files: { "hosts.toml": "c's\n" } }, "other");
    await host.removeBy("b");
    await host.removeBy("a");
    expect(host.read("hosts.toml")).toBe("c's\n");
    await host.removeBy(taking, "other");
    expect(host.read("hosts.toml")).toBe("theirs\n");
  });

  it.each(["verify", "power"])("is untouched by another stack's apply that ends in %s", async (end) => {
    using host = new SharedHost();
    host.write("hosts.toml", "theirs\n");
    const wanted = { files: { "hosts.toml": "ours\n" }, entries: [line(host), mirrors(host)] };
    await host.applyBy("b", { ...wanted, failing: end });
    expect(await host.applyBy("a", wanted)).toMatchObject({ status: 0 });
    expect(await host.applyBy("b", { ...wanted, failing: "verify" })).toMatchObject({ status: 1 });
    expect(host.read("hosts.toml")).toBe("ours\n");
    await host.removeBy("b");
    expect(host.read("hosts.toml")).toBe("ours\n");
    expect(host.read("registries.yaml")).toContain("https://r");
    await host.removeBy("a");
    expect(host.files()).toEqual(["hosts", "hosts.toml"].filter((name) => name !== "hosts"));
    expect(host.read("hosts.toml")).toBe("theirs\n");
  });

  it("stays what it was for its owner when a second stack's first apply fails", async () => {
    using host = new SharedHost();
    const wanted = { files: { "ca.crt": "CA\n" }, entries: [line(host)] };
    await host.applyBy("a", wanted);
    expect((await host.applyBy("b", { ...wanted, failing: "verify" })).status).toBe(1);
    expect(host.files()).toEqual(["ca.crt", "hosts"]);
    await host.removeBy("a");
    expect(host.files()).toEqual([]);
  });

  it("keeps an element of daemon.json that was somebody's before both of them", async () => {
    using host = new SharedHost();
    host.write("daemon.json", '{"insecure-registries": ["r:5000"]}');
    await host.applyBy("a", { entries: [daemon(host)] });
    await host.applyBy("b", { entries: [daemon(host)] });
    await host.removeBy("a");
    await host.removeBy("b");
    expect(host.read("daemon.json")).toBe('{"insecure-registries": ["r:5000"]}');
  });

  it("is put right by one owner after somebody changed the file", async () => {
    using host = new SharedHost();
    await host.applyBy("a", { files: { "ca.crt": "CA\n" } });
    await host.applyBy("b", { files: { "ca.crt": "CA\n" } });
    host.write("ca.crt", "by hand\n");
    expect(await host.applyBy("b", { files: { "ca.crt": "CA\n" } })).toMatchObject({ status: 0 });
    expect(host.read("ca.crt")).toBe("CA\n");
  });

  it("of one stack under another name replaces the old one, whose end removes nothing", async () => {
    using host = new SharedHost();
    await host.applyBy("a", { files: { "ca.crt": "CA\n" }, entries: [line(host)] }, "node-1");
    await host.applyBy("a", { files: { "ca.crt": "new CA\n" }, entries: [line(host, "192.0.2.2")] }, "node-a");
    await host.removeBy("a", "node-1");
    expect(host.read("ca.crt")).toBe("new CA\n");
    expect(host.read("hosts")).toContain("192.0.2.2 r");
    await host.removeBy("a", "node-a");
    expect(host.files()).toEqual([]);
  });

  it("is refused where a DaemonSet keeps the file", async () => {
    using host = new SharedHost();
    host.write("ca.crt", "CA\n");
    mkdirSync(join(host.state, "registry-trust-trust-r"), { recursive: true });
    writeFileSync(join(host.state, "registry-trust-trust-r/manifest"), `${host.path("ca.crt")}\n`);
    const { status, words } = await host.applyBy("a", { files: { "ca.crt": "CA\n" } });
    expect(status).toBe(1);
    expect(words).toContain("the DaemonSet of a nodeDaemonSet manages this file");
  });

  it("takes over the folder that an earlier version of the program called by runtime and registry", async () => {
    using host = new SharedHost();
    host.write("hosts.toml", "theirs\n");
    const wanted = { files: { "hosts.toml": "ours\n", dropped: "1\n" }, entries: [line(host), mirrors(host)] };
    await host.applyBy("a", wanted);
    const before = join(host.state, "trust-k3s-r");
    renameSync(join(host.state, `trust.${"a".repeat(16)}`), before);
    rmSync(join(before, "owner"));
    writeFileSync(join(before, "reach"), "ssh\n");
    const outcome = await host.applyBy("a", { ...wanted, files: { "hosts.toml": "ours\n" } });

    expect(JSON.parse(outcome.summary)).toEqual({ changed: [], removed: [host.path("dropped")] });
    expect(existsSync(before)).toBe(false);
    await host.removeBy("a");
    expect(host.files()).toEqual(["hosts.toml"]);
    expect(host.read("hosts.toml")).toBe("theirs\n");
  });
});
