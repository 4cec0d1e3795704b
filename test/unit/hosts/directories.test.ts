import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScratchHost } from "./scratch-host.ts";

describe("directories", { timeout: 30_000 }, () => {
  it("that we made go with us, parents too; one that was there stays, empty as it was", async () => {
    using host = new ScratchHost();
    mkdirSync(host.path("certs.d/theirs"), { recursive: true });
    await host.apply({ "certs.d/theirs/hosts.toml": "1\n", "docker/certs.d/r/ca.crt": "2\n" });
    expect(host.mode("docker/certs.d")).toBe(0o755);
    await host.remove();
    expect(host.files()).toEqual(["certs.d", "certs.d/theirs"]);
  });

  it("that the bundle declares go too, unless something is in them", async () => {
    using host = new ScratchHost();
    const declared = ["data/images", "data/empty"].map((name) => ({ path: host.path(name), mode: "0700" as const }));
    await host.applyBundle({ ...host.bundle({}), directories: declared });
    expect(host.mode("data/images")).toBe(0o700);
    host.write("data/images/blob", "theirs");
    await host.remove();
    expect(host.files()).toEqual(["data", "data/images", "data/images/blob"]);
  });

  it("go with the last file that a bundle drops", async () => {
    using host = new ScratchHost();
    await host.apply({ "certs.d/a/hosts.toml": "1\n" });
    await host.apply({ "certs.d/b/hosts.toml": "1\n" });
    expect(host.files()).toEqual(["certs.d", "certs.d/b", "certs.d/b/hosts.toml"]);
  });

  it("that two bundles share go with the last of them", async () => {
    using host = new ScratchHost();
    await host.apply({ "certs.d/a/hosts.toml": "1\n" });
    await host.applyBundle({ ...host.bundle({ "certs.d/b/hosts.toml": "1\n" }), name: "second" });
    await host.remove();
    expect(host.files()).toEqual(["certs.d", "certs.d/b", "certs.d/b/hosts.toml"]);
    await host.remove({ name: "second" });
    expect(host.files()).toEqual([]);
  });

  it.each(["validate", "verify"])("that we made go when %s fails", async (step) => {
    using host = new ScratchHost();
    expect((await host.apply({ "certs.d/a/hosts.toml": "1\n" }, step)).status).toBe(1);
    expect(host.files()).toEqual([]);
  });
});

describe("places", { timeout: 30_000 }, () => {
  const at = (host: ScratchHost, folder: string, files = ["@certs.d/r_5000_/hosts.toml"]) => {
    const bundle = host.bundle({});
    return {
      ...bundle,
      files: files.map((path) => ({ path, mode: "0644" as const, action: "-", text: "ours\n" })),
      entries: [{ path: "@certs.d/hosts", format: "hosts" as const, action: "-", text: "192.0.2.1 r\n" }],
      script: `${bundle.script}\nhook_find_host_paths() { host_path certs.d ${join(folder)}; }\n`,
    };
  };

  it("are found on the host, and removed where they were", async () => {
    using host = new ScratchHost();
    const outcome = await host.applyBundle(at(host, host.path("here")));
    expect(JSON.parse(outcome.summary).changed).toEqual([
      host.path("here/r_5000_/hosts.toml"),
      host.path("here/hosts"),
    ]);
    await host.remove();
    expect(host.files()).toEqual([]);
  });

  it("that moved leave nothing at the old one", async () => {
    using host = new ScratchHost();
    await host.applyBundle(at(host, host.path("old")));
    await host.applyBundle(at(host, host.path("new")));
    expect(host.files()).toEqual(["new", "new/hosts", "new/r_5000_", "new/r_5000_/hosts.toml"]);
  });

  it("that the host does not have are refused by name", async () => {
    using host = new ScratchHost();
    const { status, words } = await host.applyBundle(at(host, host.path("here"), ["@elsewhere/x"]));
    expect({ status, words }).toEqual({ status: 1, words: "error: @elsewhere/x: this host has no @elsewhere\n" });
    expect(host.files()).toEqual([]);
  });
});
