import { existsSync, mkdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { registryHostBundle } from "../../../../hosts/registry-host/registry-host.ts";
import { shellFiles } from "../../../../hosts/shell.ts";
import { ContainerRegistry } from "../../../../settings/container-registry.ts";
import { HostVariant } from "../../../../settings/variants/host.ts";
import { type Outcome, ScratchHost } from "../scratch-host.ts";
import { sparseShells } from "../shells.ts";

const connection = { kind: "local" };
const bundle = registryHostBundle({
  variant: HostVariant.parse({ kind: "host", connection, tls: { kind: "none" } }),
  containerRegistry: ContainerRegistry.parse({ host: "registry.example.org", account: "jenkins" }),
  accounts: [],
  archives: {},
  ca: "",
  probed: false,
});
const prelude = shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude", "write-files"]);

const blob = "docker/registry/v2/blobs/sha256/aa/aabb/data";
const link = "docker/registry/v2/repositories/team/shop/_manifests/tags/1.0/current/link";

describe.each(sparseShells)("deleteData, by $name", (shell) => {
  it("deletes what distribution wrote, and the folder that is then empty", async () => {
    using host = new DataHost(shell);
    host.writeImages();
    expect(await host.removeData()).toMatchObject({ status: 0 });
    expect(existsSync(host.storage)).toBe(false);
  });

  it("deletes what backups left in the storage", async () => {
    using host = new DataHost(shell);
    host.writeImages();
    host.put("storage/collection/lock");
    host.put("storage/restored/docker/registry/v2/blobs/sha256/aa/aabb/data");
    expect(await host.removeData()).toMatchObject({ status: 0 });
    expect(existsSync(host.storage)).toBe(false);
  });

  it("leaves what somebody else put there, and names it", async () => {
    using host = new DataHost(shell);
    host.writeImages();
    host.put("storage/notes.txt");
    host.put("storage/docker/registry/v2/backup.tar");
    host.put("storage/.hidden/key");
    const { status, words } = await host.removeData();
    expect(status).toBe(0);
    expect(host.files("storage")).toEqual([".hidden/key", "docker/registry/v2/backup.tar", "notes.txt"]);
    expect(words).toContain(
      `leaving ${host.storage}: it still holds what is not the registry's: .hidden/key docker/registry/v2/backup.tar notes.txt\n`,
    );
  });

  it("empties a mount point and leaves it mounted", async () => {
    using host = new DataHost(shell);
    const { status, words } = await host.removeData({
      before: `mount -t tmpfs tmpfs ${host.storage}; mkdir -p ${dirname(join(host.storage, blob))}; echo blob >${join(host.storage, blob)}`,
      after: `[ -z "$(ls -A ${host.storage})" ] && grep -q " ${host.storage} " /proc/self/mountinfo || code=9`,
    });
    expect({ status, words }).toMatchObject({ status: 0 });
    expect(words).toContain(`leaving ${host.storage}: it is a mount point`);
  });

  it("empties a disk that is mounted inside the storage", async () => {
    using host = new DataHost(shell);
    const blobs = join(host.storage, "docker/registry/v2/blobs");
    const { status, words } = await host.removeData({
      before: `mkdir -p ${blobs}; mount -t tmpfs tmpfs ${blobs}; mkdir ${blobs}/sha256; echo blob >${blobs}/sha256/data`,
      after: `[ -z "$(ls -A ${blobs})" ] || code=9`,
    });
    expect({ status, words }).toMatchObject({ status: 0 });
  });

  it("deletes the images behind a link, and leaves the link and its folder", async () => {
    using host = new DataHost(shell);
    host.put(`elsewhere/${blob}`);
    host.linkStorage();
    const { status, words } = await host.removeData();
    expect(status).toBe(0);
    expect(host.files("elsewhere")).toEqual([]);
    expect(words).toContain(`leaving ${host.storage}: it is a link to ${host.path("elsewhere")}`);
  });

  it.each([
    [
      "caddy",
      [
        "caddy/certificates/acme/registry.crt",
        "caddy/acme/account/key",
        "caddy/locks/one.lock",
        "caddy/ocsp/a",
        "caddy/pki/authorities/local/root.key",
        "caddy/instance.uuid",
        "caddy/last_clean.json",
      ],
    ],
    ["traefik", ["acme.json"]],
  ])("deletes what %s keeps beside its certificates, and leaves a foreign file", async (proxy, written) => {
    using host = new DataHost(shell);
    for (const path of written) host.put(`certificates/${path}`);
    host.put("certificates/company.key");
    const { status, words } = await host.removeData({ proxy });
    expect(status).toBe(0);
    expect(host.files("certificates")).toEqual(["company.key"]);
    expect(words).toContain(
      `leaving ${host.path("certificates")}: it still holds what is not the registry's: company.key\n`,
    );
  });

  it("succeeds where a second destroy finds nothing", async () => {
    using host = new DataHost(shell);
    await host.removeData();
    expect(await host.removeData()).toMatchObject({ status: 0 });
  });

  it("keeps everything unless the stack asks for it", async () => {
    using host = new DataHost(shell);
    host.writeImages();
    host.put("certificates/acme.json");
    expect(await host.removeData({ deleteData: "false" })).toMatchObject({ status: 0 });
    expect(readFileSync(join(host.storage, blob), "utf8")).toBe(`${blob}\n`);
    expect(host.files("certificates")).toEqual(["acme.json"]);
  });
});

/** A folder that plays a host whose bundle's files are gone, and on which its data is to go. */
class DataHost implements Disposable {
  readonly host: ScratchHost;

  constructor(shell: ConstructorParameters<typeof ScratchHost>[0]) {
    this.host = new ScratchHost(shell);
    mkdirSync(this.storage);
    mkdirSync(this.path("certificates"));
  }

  get storage(): string {
    return this.path("storage");
  }

  path(name: string): string {
    return this.host.path(name);
  }

  put(name: string): void {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${name.replace(/^storage\//, "")}\n`);
  }

  writeImages(): void {
    for (const path of [blob, link]) this.put(`storage/${path}`);
  }

  linkStorage(): void {
    rmdirSync(this.storage);
    symlinkSync(this.path("elsewhere"), this.storage);
  }

  files(folder: string): string[] {
    return this.host
      .files()
      .filter((path) => path.startsWith(`${folder}/`) && !this.isDirectory(path))
      .map((path) => path.slice(folder.length + 1))
      .sort();
  }

  private isDirectory(path: string): boolean {
    return this.host.files().some((other) => other.startsWith(`${path}/`));
  }

  removeData({
    before = ":",
    after,
    proxy = "caddy",
    deleteData = "true",
  }: {
    before?: string;
    after?: string;
    proxy?: string;
    deleteData?: string;
  } = {}): Promise<Outcome> {
    const text = [
      `bundle=registry state=${this.host.state} storage_path=${this.storage} certificates=${this.path("certificates")}`,
      `proxy=${proxy} delete_data=${deleteData} images= stage=$(mktemp -d)`,
      prelude,
      bundle.script,
      "systemctl() { :; }",
      "hook_deactivate",
      "hook_delete_data",
      "",
    ].join("\n");
    return this.host.run(text, "", { before, after });
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]();
  }
}
