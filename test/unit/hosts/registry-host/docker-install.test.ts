import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";

const script =
  shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude"]) +
  shellFiles(new URL("../../../../hosts/registry-host/", import.meta.url), ["docker"]);

const docker = "docker-ce docker-ce-cli containerd.io docker-compose-plugin";

it.each<[string, Record<string, string>, string]>([
  [
    "Ubuntu, which has docker-compose-v2",
    { "docker-compose-v2": "2.40.3", "docker-compose": "1.29.2" },
    "ca-certificates curl docker.io docker-compose-v2",
  ],
  [
    "Debian 13, whose docker-compose is version 2",
    { "docker-compose": "2.26.1-4" },
    "ca-certificates curl docker.io docker-cli docker-compose",
  ],
  ["Debian 12, whose docker-compose is version 1", { "docker-compose": "1.29.2-3" }, docker],
  ["a distribution without either", {}, docker],
])("install_tools › on %s", (_, offered, packages) => {
  using machine = new StubMachine(offered);
  const { status, stderr } = machine.installTools();

  expect({ status, stderr }).toEqual({ status: 0, stderr: "installing Docker Compose-v2\n" });
  expect(machine.calls().findLast((call) => call.startsWith("apt-get install"))).toBe(`apt-get install ${packages}`);
});

it("install_tools › adds Docker's own repository, with its key, only where it needs it", () => {
  using debian12 = new StubMachine({ "docker-compose": "1.29.2-3" });
  debian12.installTools();
  const { ID, VERSION_CODENAME } = debian12.system;
  const key = join(debian12.apt, "keyrings/docker.asc");
  expect(debian12.calls()).toContain(`curl https://download.docker.com/linux/${ID}/gpg ${key}`);
  expect(readFileSync(join(debian12.apt, "sources.list.d/docker.list"), "utf8")).toBe(
    `deb [signed-by=${key}] https://download.docker.com/linux/${ID} ${VERSION_CODENAME} stable\n`,
  );

  using ubuntu = new StubMachine({ "docker-compose-v2": "2.40.3" });
  ubuntu.installTools();
  expect(ubuntu.calls().filter((call) => call.includes("docker.com"))).toEqual([]);
  expect(readdirSync(join(ubuntu.apt, "sources.list.d"))).toEqual([]);
});

/** The real shell functions, by the real sh, among programs that only note how they were called. */
class StubMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "docker-install-"));
  readonly apt = join(this.folder, "apt");
  readonly system = { ID: "debian", VERSION_CODENAME: "bookworm" };

  /** What apt offers, package → version. */
  constructor(offered: Record<string, string>) {
    const table = Object.entries(offered).map(([name, version]) => `${name}) version=${version} ;;`);
    const version = `case "$2" in ${table.join(" ")} *) version= ;; esac`;
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.apt, "sources.list.d"), { recursive: true });
    this.program("apt-get", 'echo "apt-get $*" | sed "s/ -[^ ]*//g" >>"$calls"');
    this.program("systemctl", 'echo "systemctl $*" >>"$calls"');
    this.program("apt-cache", `${version}\necho "Candidate: \${version:-(none)}"; echo "Version: $version"`);
    this.program("curl", 'echo "curl $2 $4" >>"$calls"; echo key >"$4"');
    writeFileSync(
      join(this.folder, "os-release"),
      Object.entries(this.system)
        .map((pair) => `${pair.join("=")}\n`)
        .join(""),
    );
    writeFileSync(join(this.folder, "calls"), "");
  }

  installTools() {
    const env = {
      PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
      calls: join(this.folder, "calls"),
      state: this.folder,
      bundle: "registry",
      stage: this.folder,
      missing: " Docker Compose-v2",
      apt: this.apt,
      os_release: join(this.folder, "os-release"),
    };
    return spawnSync("sh", ["-c", `${script}\ninstall_tools`], { env, encoding: "utf8" });
  }

  calls(): string[] {
    return readFileSync(join(this.folder, "calls"), "utf8").split("\n");
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  private program(name: string, script: string): void {
    const file = join(this.folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
}
