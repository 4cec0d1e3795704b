import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa, execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { goBinary } from "../../lab/go/go-build.ts";
import { compose } from "../../lab/images/machine-image.ts";
import { caddy, distribution } from "../../lab/images/registry-images.ts";
import { certificate } from "../../lab/proxy/certificate.ts";
import { rendered as recorded } from "../unit/render/rendered.ts";
import { unrecordedCaddyfiles } from "../unit/render/rendered-proxies.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";

const rendered = { ...recorded, ...unrecordedCaddyfiles };

const directory = withWorld((cleanup) => temporaryFolder(cleanup, "parsers"));

const named = (name: string) => Object.keys(rendered).filter((path) => path.endsWith(`/${name}`));

/** Writes a rendered file, its absolute paths moved into a folder of this test. */
async function writeRendered(path: string, to: string, ...moved: [from: string, to: string][]): Promise<string> {
  const file = join(directory(), to);
  const text = moved.reduce((whole, [from, to]) => whole.replaceAll(from, to), rendered[path] ?? "");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

describe("caddy", () => {
  const etc = withWorld(async () => {
    const folder = join(directory(), "caddy");
    const { cert, key } = await certificate();
    await mkdir(join(folder, "tls"), { recursive: true });
    for (const [name, text] of Object.entries({ "cert.pem": cert, "key.pem": key, "acme-ca.pem": cert }))
      await writeFile(join(folder, "tls", name), text);
    await writeRendered("cluster-ingress/rights.caddy", "caddy/rights.caddy");
    return folder;
  });

  const accounts = named("accounts.caddy");
  const pairs = named("Caddyfile").flatMap((proxy) => accounts.map((file) => [proxy, file] as const));
  it.each(pairs)("validates %s with %s", async (proxy, file) => {
    await writeRendered(file, "caddy/accounts.caddy");
    const config = await writeRendered(
      proxy,
      "caddy/Caddyfile",
      ["/etc/caddy", etc()],
      ["/var/log/caddy", directory()],
    );
    const { stdout } = await execa(await goBinary(caddy), ["validate", "--config", config], {
      env: { XDG_DATA_HOME: directory(), XDG_CONFIG_HOME: directory() },
    });
    expect(stdout).toBe("Valid configuration");
  });

  it.each([...named("Caddyfile"), ...accounts, ...named("rights.caddy")])(
    "formats %s as it is rendered",
    async (path) => {
      const file = await writeRendered(path, "format/Caddyfile");
      const { stdout } = await execa(await goBinary(caddy), ["fmt", file], { stripFinalNewline: false, reject: false });
      expect(stdout).toBe(rendered[path]);
    },
  );
});

describe("docker compose", () => {
  it.each(named("compose.yaml"))("reads %s", async (path) => {
    const file = await writeRendered(path, "compose/compose.yaml");
    const { stdout } = await execa(await goBinary(compose), ["--file", file, "config", "--format", "json"]);
    const { services } = JSON.parse(stdout);
    expect(services.proxy).toMatchObject({
      network_mode: "host",
      read_only: true,
      cap_drop: ["ALL"],
      cap_add: ["NET_BIND_SERVICE"],
    });
    expect(services.registry).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      mem_limit: "536870912",
      stop_grace_period: "5m0s",
    });
  });
});

describe("distribution", () => {
  it("reads config.yml", async () => {
    for (const folder of ["repositories", "blobs"])
      await mkdir(join(directory(), "storage/docker/registry/v2", folder), { recursive: true });
    const config = await writeRendered("distribution/config.yml", "config.yml", [
      "/var/lib/registry",
      join(directory(), "storage"),
    ]);
    const { all } = await execa(await goBinary(distribution), ["garbage-collect", "--dry-run", config], { all: true });
    expect(all).toContain("0 blobs marked");
  });
});

const systemd = execaSync("systemd-analyze", ["--version"], { reject: false }).exitCode === 0;

describe.skipIf(!systemd)("systemd", () => {
  it("reads container-registry.service", async () => {
    // Docker's own unit stands for itself where Docker is not installed.
    await mkdir(join(directory(), "units"));
    await writeFile(join(directory(), "units/docker.service"), "[Service]\nExecStart=/bin/true\n");
    const unit = await writeRendered("systemd/container-registry.service", "units/container-registry.service", [
      "/usr/bin/docker",
      "/bin/true",
    ]);
    const { all } = await execa("systemd-analyze", ["verify", "--man=no", unit], {
      all: true,
      env: { SYSTEMD_UNIT_PATH: `${join(directory(), "units")}:` },
    });
    expect(all).toBe("");
  });
});
