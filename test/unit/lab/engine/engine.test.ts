import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { engineVersion, findEngine, type Sources } from "../../../../lab/engine/engine.ts";
import { engineOnPath, fits } from "../../../../lab/engine/on-path.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const home = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "engine");
  vi.stubEnv("XDG_CACHE_HOME", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  cleanup.defer(() => vi.restoreAllMocks());
  return folder;
});

const cache = () => join(home(), "container-registry-lab");

/** A machine where no engine can be found; each test replaces what it needs. */
function machine(has: Partial<Sources> = {}): Sources {
  return {
    onPath: async () => undefined,
    officialIsReachable: async () => false,
    installOfficial: async () => expect.fail("nothing to download from"),
    goIsInstalled: async () => false,
    build: async () => expect.fail("nothing to build with"),
    fakes: async () => expect.fail("no need for fakes"),
    ...has,
  };
}

const go = {
  goIsInstalled: async () => true,
  build: async () => "/cache/pulumi-3.248.0/pulumi",
  fakes: async () => "/cache/fakes",
};

describe("the engine", () => {
  it("is the one on PATH, with the plugins it fetches itself", async () => {
    const onPath = async () => ({ folder: "/opt/pulumi", version: "3.260.1" });
    expect(await findEngine(machine({ onPath, ...go }))).toEqual({
      origin: "path",
      version: "3.260.1",
      path: ["/opt/pulumi"],
    });
  });

  it("is downloaded once if the PATH has none", async () => {
    const installOfficial = vi.fn(async (folder: string) => {
      await mkdir(folder, { recursive: true });
    });
    const online = machine({ officialIsReachable: async () => true, installOfficial, ...go });
    const path = [join(cache(), `pulumi-official-${engineVersion}`, "bin")];
    expect(await findEngine(online)).toEqual({ origin: "download", version: engineVersion, path });
    expect(await findEngine(online)).toMatchObject({ path });
    expect(installOfficial).toHaveBeenCalledOnce();
  });

  it("is built from Go modules, with the fakes first on PATH, if nothing can be downloaded", async () => {
    expect(await findEngine(machine(go))).toEqual({
      origin: "built",
      version: engineVersion,
      path: ["/cache/fakes", "/cache/pulumi-3.248.0"],
    });
  });

  it("is used again once it was built, without trying a download", async () => {
    await mkdir(join(cache(), `pulumi-${engineVersion}`), { recursive: true });
    await writeFile(join(cache(), `pulumi-${engineVersion}`, "pulumi"), "");
    const officialIsReachable = async () => expect.fail("asked for the download");
    expect(await findEngine(machine({ ...go, goIsInstalled: async () => false, officialIsReachable }))).toMatchObject({
      origin: "built",
    });
  });

  it("is built if the download fails, with the reason printed", async () => {
    const installOfficial = async () => Promise.reject(new Error("github.com reset the connection"));
    const online = machine({ officialIsReachable: async () => true, installOfficial, ...go });
    expect(await findEngine(online)).toMatchObject({ origin: "built" });
    expect(vi.mocked(process.stderr.write).mock.calls.join("")).toContain("github.com reset the connection");
  });

  it("fails with one sentence without internet and Go", async () => {
    await expect(findEngine(machine())).rejects.toThrow(
      /^no Pulumi engine was found: [^.]*3\.248\.0[^;]*; install Pulumi \(\S+\) or Go \(\S+\), then run this again$/,
    );
  });

  it("is of the SDK's release", async () => {
    const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
    expect(dependencies["@pulumi/pulumi"]).toBe(engineVersion);
  });
});

it.each([
  ["3.248.0", true],
  ["3.300.2", true],
  ["v3.248.0", true],
  ["3.247.9", false],
  ["2.999.0", false],
  ["4.0.0", false],
  ["", false],
])("an engine %o fits: %s", (version, yes) => {
  expect(fits(version)).toBe(yes);
});

describe("on PATH", () => {
  async function pulumi(folder: string, script: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, "pulumi"), 0o755);
  }

  it.each([
    ["v3.250.0", "3.250.0"],
    ["v3.100.0", undefined],
  ])("%s is taken as %s", async (said, taken) => {
    const folder = join(home(), "bin");
    await pulumi(folder, `echo ${said}`);
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    expect((await engineOnPath())?.version).toBe(taken);
  });

  it("ignores the lab's own engine", async () => {
    const own = join(cache(), "pulumi-3.248.0");
    await pulumi(own, "echo v3.248.0");
    vi.stubEnv("PATH", own);
    expect(await engineOnPath()).toBeUndefined();
  });
});
