import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePrivateFolder } from "../../../../hosts/sending/sending-folder.ts";
import { shellFiles } from "../../../../hosts/shell.ts";

const script =
  shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude", "receive"]) +
  shellFiles(new URL("../../../../hosts/registry-host/", import.meta.url), ["sent", "images", "ui"]);

const reference = `sha256:${"a".repeat(64)}`;
const content = "what docker save wrote";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const asRoot = process.getuid?.() === 0;
if (!asRoot) process.stderr.write("not tested: folders of other users, which only root can make\n");

describe("an archive that was sent", () => {
  it("is loaded and stored, and what was sent is deleted", () => {
    using host = new StubHost();
    writeFileSync(host.sent, content);
    expect(host.requireImages()).toMatchObject({ status: 0 });
    expect(host.loaded()).toEqual([content]);
    expect(readFileSync(host.stored, "utf8")).toBe(content);
    expect(existsSync(host.sending)).toBe(false);
  });

  it("is neither loaded nor stored where somebody has replaced it by another", () => {
    using host = new StubHost();
    writeFileSync(host.sent, "somebody else's archive");
    const { status, stderr } = host.requireImages();
    expect(status).toBe(1);
    expect(stderr).toContain(`${host.sent} is not the archive that this stack names (sha256 ${sha256(content)})`);
    expect(stderr).toContain("change variant.generation to have it sent again");
    expect(host.loaded()).toEqual([]);
    expect(readdirSync(join(host.state, "images"))).toEqual([]);
  });

  it("is the copy that was checked, whatever is written to the sent one meanwhile", () => {
    using host = new StubHost();
    writeFileSync(host.sent, content);
    // Whoever can write to the file waits for its hash to be asked for.
    host.program("sha256sum", `printf other >"$archive"; exec /usr/bin/sha256sum "$@"`);
    expect(host.requireImages({ export: "archive" })).toMatchObject({ status: 0 });
    expect(host.loaded()).toEqual([content]);
  });

  it.skipIf(!asRoot).each<[string, (host: StubHost) => void]>([
    ["open to others", (host) => chmodSync(host.sending, 0o777)],
    ["of another user", (host) => chownSync(host.sending, 12345, 12345)],
    [
      "a link",
      (host) => {
        mkdirSync(`${host.sending}.there`, { mode: 0o700 });
        writeFileSync(`${host.sending}.there/registry-proxy-image.tar`, content);
        rmSync(host.sending, { recursive: true });
        symlinkSync(`${host.sending}.there`, host.sending);
      },
    ],
  ])("is not read from a folder that is %s", (_, spoil) => {
    using host = new StubHost();
    writeFileSync(host.sent, content);
    spoil(host);
    const { status, stderr } = host.requireImages();
    expect(status).toBe(1);
    expect(stderr).toContain(`image ${reference} is not on this host, and neither is its archive ${host.stored}`);
    expect(host.loaded()).toEqual([]);
  });

  it("is loaded again from the stored one, unless that was changed", () => {
    using host = new StubHost();
    writeFileSync(host.sent, content);
    host.requireImages();
    host.prune();
    expect(host.requireImages()).toMatchObject({ status: 0 });
    host.prune();
    writeFileSync(host.stored, "changed");
    const { status, stderr } = host.requireImages();
    expect(status).toBe(1);
    expect(stderr).toContain(`${host.stored} is not the archive that this stack names`);
    expect(host.loaded()).toEqual([content, content]);
  });
});

describe("an archive of the machine that Pulumi runs on", () => {
  it("is loaded from where the operator has it, and stays", () => {
    using host = new StubHost();
    writeFileSync(host.sent, content);
    expect(host.requireImages({ sending_folder: "" })).toMatchObject({ status: 0 });
    expect(host.loaded()).toEqual([content]);
    expect(readFileSync(host.sent, "utf8")).toBe(content);
  });

  it("is not loaded where it has changed since the program read it", () => {
    using host = new StubHost();
    writeFileSync(host.sent, "another build");
    expect(host.requireImages({ sending_folder: "" })).toMatchObject({ status: 1 });
    expect(host.loaded()).toEqual([]);
  });
});

describe("the ui's files", () => {
  it("are not read from a folder that others may write to", () => {
    using host = new StubHost();
    mkdirSync(join(host.sending, "registry-page"));
    writeFileSync(join(host.sending, "registry-page/index.html"), content);
    const ui = { ui_files: `${sha256(content)} index.html`, ui_sent: join(host.sending, "registry-page") };
    chmodSync(host.sending, 0o777);
    expect(host.run("hook_add_files", ui)).toMatchObject({ status: 1 });
    chmodSync(host.sending, 0o700);
    expect(host.run("hook_add_files", ui)).toMatchObject({ status: 0 });
    expect(readFileSync(join(host.state, "page/index.html"), "utf8")).toBe(content);
    expect(existsSync(join(host.sending, "registry-page"))).toBe(false);
  });
});

describe("the folder that files are sent to", () => {
  const make = (path: string) => spawnSync("sh", ["-c", makePrivateFolder(path)], { encoding: "utf8" });

  it("is made for the login alone, and again where it is there already", () => {
    using host = new StubHost();
    const path = join(host.folder, "container-registry-ubuntu");
    expect(make(path)).toMatchObject({ status: 0, stderr: "" });
    chmodSync(path, 0o755);
    expect(make(path)).toMatchObject({ status: 0, stderr: "" });
    expect(lstatSync(path).mode & 0o7777).toBe(0o700);
  });

  it.skipIf(!asRoot).each<[string, (path: string) => void]>([
    [
      "another user's folder",
      (path) => {
        mkdirSync(path);
        chownSync(path, 12345, 12345);
      },
    ],
    ["a link to a folder", (path) => symlinkSync("/var/tmp", path)],
    ["a file", (path) => writeFileSync(path, "")],
  ])("is refused where %s is in its place", (_, occupy) => {
    using host = new StubHost();
    const path = join(host.folder, "container-registry-ubuntu");
    occupy(path);
    const { status, stderr } = make(path);
    expect(status).toBe(1);
    expect(stderr).toContain(`${path} is not a folder of`);
    expect(stderr).toContain("remove it, then run pulumi up again");
  });
});

/** The real shell functions, by the real sh, with a docker that notes what it is given to load. */
class StubHost implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "sent-archives-"));
  readonly state = join(this.folder, "state");
  readonly sending = join(this.folder, "sending");
  readonly sent = join(this.sending, "registry-proxy-image.tar");
  readonly stored = join(this.state, "images/registry-proxy-image.tar");

  constructor() {
    for (const folder of ["bin", "state", "stage", "loaded"]) mkdirSync(join(this.folder, folder));
    mkdirSync(this.sending, { mode: 0o700 });
    this.program(
      "docker",
      `case "$*" in
      "image inspect"*) [ -e "${this.folder}/present" ] ;;
      "load"*) for file do :; done; n=$(ls "${this.folder}/loaded" | wc -l); cp "$file" "${this.folder}/loaded/$n"; touch "${this.folder}/present" ;;
      esac`,
    );
  }

  requireImages(variables: Record<string, string> = {}) {
    return this.run("require_images", variables);
  }

  run(command: string, variables: Record<string, string>) {
    const env = {
      PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
      state: this.state,
      stage: join(this.folder, "stage"),
      bundle: "registry",
      images: `${reference} ${sha256(content)} ${this.sent}`,
      sending_folder: this.sending,
      ui_path: "/etc/page",
      ...variables,
    };
    const exported = variables.export ? `export ${variables.export}\n` : "";
    return spawnSync("sh", ["-c", `${script}\nplaces=; real_path() { echo "$1"; }\n${exported}${command}`], {
      env,
      encoding: "utf8",
    });
  }

  /** What docker was given to load, in order. */
  loaded(): string[] {
    const folder = join(this.folder, "loaded");
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"));
  }

  /** Docker no longer has the image. */
  prune(): void {
    rmSync(join(this.folder, "present"));
  }

  program(name: string, text: string): void {
    writeFileSync(join(this.folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
