import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";

const script =
  shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude"]) +
  shellFiles(new URL("../../../../hosts/registry-host/", import.meta.url), ["old-registry"]);

type Given = { config?: string; environment?: Record<string, string>; file?: string };

const config = (storage: string) => `version: 0.1\nstorage:\n  cache:\n    blobdescriptor: inmemory\n${storage}`;

describe("the folder of an old registry", () => {
  it.each<[string, Given, string]>([
    ["distribution's own without a setting", { config: config("") }, "/var/lib/registry"],
    ["the file's", { config: config("  filesystem:\n    rootdirectory: /data/images\n") }, "/data/images"],
    ["the file's in quotes", { config: config('  filesystem:\n    rootdirectory: "/data/images"\n') }, "/data/images"],
    ["the file's in braces", { config: "storage: { filesystem: { rootdirectory: /data } }\n" }, "/data"],
    ["the file's without its last slash", { config: config("  filesystem:\n    rootdirectory: /data/\n") }, "/data"],
    [
      "not one in a comment",
      { config: config("  # rootdirectory: /old\n  filesystem:\n    rootdirectory: /new\n") },
      "/new",
    ],
    [
      "the environment's, over the file's",
      {
        config: config("  filesystem:\n    rootdirectory: /file\n"),
        environment: { REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: "/environment" },
      },
      "/environment",
    ],
    [
      "that of a file which the environment names",
      {
        config: config("  filesystem:\n    rootdirectory: /named\n"),
        environment: { REGISTRY_CONFIGURATION_PATH: "config.yml" },
        file: "",
      },
      "/named",
    ],
  ])("is %s", async (_, given, folder) => {
    using registry = await OldRegistry.start(given);
    expect(registry.ask("storage_root")).toBe(folder);
  });
});

describe("where an old registry keeps its images", () => {
  const s3 = "  s3:\n    bucket: images\n    region: eu-west-1\n";
  it.each<[string, Given, string]>([
    ["a folder, whatever its cache is", { config: config("") }, "filesystem"],
    ["S3 by its file", { config: config(s3) }, "s3"],
    ["S3 by its file in braces", { config: "storage: {s3: {bucket: images}}\n" }, "s3"],
    ["a folder, S3 being a comment", { config: config(s3.replace(/^/gm, "# ")) }, "filesystem"],
    ["S3 by the environment", { config: config(""), environment: { REGISTRY_STORAGE: "s3" } }, "s3"],
    [
      "S3 by a setting in the environment",
      { config: config(""), environment: { REGISTRY_STORAGE_S3_BUCKET: "i" } },
      "s3",
    ],
    [
      "a folder by the environment, over the file",
      { config: config(s3), environment: { REGISTRY_STORAGE: "filesystem" } },
      "filesystem",
    ],
    ["Azure", { config: config("  azure:\n    container: images\n") }, "azure"],
  ])("is %s", async (_, given, driver) => {
    using registry = await OldRegistry.start(given);
    expect(registry.ask("storage_driver")).toBe(driver);
  });
});

describe("whether an old registry asks for a login", () => {
  it.each<[boolean, string, Given]>([
    [false, "it has none", { config: config("") }],
    [true, "its file has auth", { config: `${config("")}auth:\n  htpasswd:\n    path: /htpasswd\n` }],
    [false, "its file has auth in a comment", { config: `${config("")}# auth:\n#   htpasswd:\n` }],
    [true, "its environment has it", { config: config(""), environment: { REGISTRY_AUTH: "htpasswd" } }],
    [
      true,
      "its environment has a part of it",
      { config: config(""), environment: { REGISTRY_AUTH_TOKEN_REALM: "https://auth.example.org" } },
    ],
  ])("is %s where %s", async (asks, _, given) => {
    using registry = await OldRegistry.start(given);
    writeFileSync(join(registry.folder, "found"), "- container registry 1\n");
    expect(registry.ask('stage=$state; if asks_for_login "$1"; then echo true; else echo false; fi; : ')).toBe(
      String(asks),
    );
  });
});

it("find_registries › finds the process by its program and its verb", async () => {
  using registry = await OldRegistry.start({ config: config("") });
  const found = execFileSync(
    "sh",
    [
      "-c",
      `${script}\nprocess_holder() { echo "process registry $1"; }\nheld_by_registry() { false; }\nfind_registries\ncat "$stage/registries"`,
    ],
    {
      env: { PATH: process.env.PATH, bundle: "registry", state: registry.folder, stage: registry.folder },
      encoding: "utf8",
    },
  );
  expect(found).toContain(`${registry.pid} process registry ${registry.pid}\n`);
  expect(found).not.toContain(`${process.pid} `);
});

/** A real process with the program's name, arguments, environment and configuration file of a registry. */
class OldRegistry implements Disposable {
  readonly folder: string;
  readonly #process: ChildProcess;

  private constructor({ config = "", environment = {}, file }: Given) {
    this.folder = mkdtempSync(join(tmpdir(), "old-registry-"));
    const program = join(this.folder, "docker-registry");
    // A shell that runs the script `serve` of its folder, which waits for its input to end.
    copyFileSync(realpathSync("/bin/sh"), program);
    writeFileSync(join(this.folder, "serve"), "read -r line\n");
    const path = join(this.folder, "config.yml");
    writeFileSync(path, config);
    const args = ["serve", ...(file === "" ? [] : [path])];
    this.#process = spawn(program, args, { cwd: this.folder, env: environment, stdio: ["pipe", "ignore", "ignore"] });
  }

  static async start(given: Given): Promise<OldRegistry> {
    const registry = new OldRegistry(given);
    // Until it is another program than the one that started it.
    await vi.waitUntil(() => readFileSync(`/proc/${registry.pid}/cmdline`, "utf8").includes("docker-registry\0serve"), {
      timeout: 30_000,
    });
    return registry;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask(question: string): string {
    const env = { PATH: process.env.PATH, bundle: "registry", state: this.folder };
    return execFileSync("sh", ["-c", `${script}\n${question} ${this.pid}`, "sh", String(this.pid)], {
      env,
      encoding: "utf8",
    }).trim();
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }
}
