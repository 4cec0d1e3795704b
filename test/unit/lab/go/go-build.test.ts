import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { goBinary, goBinaryPath } from "../../../../lab/go/go-build.ts";
import { thisPlatform } from "../../../../lab/go/go-platform.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const home = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "go-build");
  vi.stubEnv("XDG_CACHE_HOME", folder);
  // Its own lock: a real build on this machine may hold the lab's lock for minutes.
  vi.stubEnv("XDG_STATE_HOME", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  cleanup.defer(() => vi.restoreAllMocks());
  return folder;
});

const tool = { name: "tool", version: "1.2.3", package: "example.org/tool/cmd/tool", binary: "the-tool" };
const cache = () => join(home(), "container-registry-lab");

/** A `go` that writes its arguments and environment where the real one writes the binary. */
async function fakeGo(script: string): Promise<void> {
  const bin = join(home(), "bin");
  await mkdir(bin);
  await writeFile(
    join(bin, "go"),
    `#!/bin/sh\n[ "$1" = version ] && exec echo go version go1.26.0 linux/amd64\n${script}\n`,
  );
  await chmod(join(bin, "go"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
}

it("installs a released package under <name>-<version>/<binary>", async () => {
  await fakeGo('echo "$@ $GOSUMDB $GOFLAGS" > "$GOBIN/tool"');
  const path = await goBinary({ ...tool, ldflags: "-X main.version=v1" });
  expect(path).toBe(join(cache(), "tool-1.2.3/the-tool"));
  expect(await readFile(path, "utf8")).toBe(
    "install -trimpath -ldflags -s -w -X main.version=v1 example.org/tool/cmd/tool@v1.2.3 off -mod=mod\n",
  );
});

it("builds with the go.mod that is given", async () => {
  await fakeGo('while [ "$1" != -o ]; do shift; done; { echo "$3"; cat go.mod; } > "$2"');
  const path = await goBinary({ ...tool, goMod: "module lab/tool\n" });
  expect(await readFile(path, "utf8")).toBe("example.org/tool/cmd/tool\nmodule lab/tool\n");
});

describe("for another platform", () => {
  const other = { os: "linux", arch: "s390x" };

  it("installs with a GOPATH of its own, into a folder that names the platform", async () => {
    await fakeGo(
      `if [ "$1" = env ]; then echo /modules; exit; fi
       mkdir -p "$GOPATH/bin/linux_s390x"
       echo "$1 $GOOS $GOARCH \${GOBIN-none} $GOMODCACHE" > "$GOPATH/bin/linux_s390x/tool"`,
    );
    const path = await goBinary(tool, other);
    expect(path).toBe(join(cache(), "tool-1.2.3-linux-s390x/the-tool"));
    expect(await readFile(path, "utf8")).toBe("install linux s390x none /modules\n");
  });

  it("builds with the go.mod that is given", async () => {
    await fakeGo('while [ "$1" != -o ]; do shift; done; echo "$GOOS $GOARCH" > "$2"');
    const path = await goBinary({ ...tool, goMod: "module lab/tool\n" }, other);
    expect(await readFile(path, "utf8")).toBe("linux s390x\n");
  });

  it("is another program than this machine's", async () => {
    expect(goBinaryPath(tool)).toBe(join(cache(), "tool-1.2.3/the-tool"));
    expect(goBinaryPath(tool, thisPlatform)).toBe(goBinaryPath(tool));
    expect(goBinaryPath(tool, other)).not.toBe(goBinaryPath(tool));
  });
});

it("builds once for several callers", async () => {
  await fakeGo(`echo run >> ${JSON.stringify(join(home(), "runs"))}; sleep 0.1; echo x > "$GOBIN/tool"`);
  await Promise.all([goBinary(tool), goBinary(tool)]);
  await goBinary(tool);
  expect(await readFile(join(home(), "runs"), "utf8")).toBe("run\n");
});

it("leaves no files when the build fails, and reports go's output", async () => {
  await fakeGo('echo half > "$GOBIN/tool"; echo "no such module" >&2; exit 1');
  await expect(goBinary(tool)).rejects.toThrow(
    /go install of example.org\/tool\/cmd\/tool v1.2.3 failed.*no such module/s,
  );
  expect(await readdir(cache())).toEqual([]);
});

it("removes the folder of a killed build", async () => {
  await fakeGo('echo x > "$GOBIN/tool"');
  await mkdir(join(cache(), ".building-999999999-tool-the-tool"), { recursive: true });
  await goBinary(tool);
  expect(await readdir(cache())).toEqual(["tool-1.2.3"]);
});

it("does not use a Go that is too old", async () => {
  await fakeGo("");
  await writeFile(join(home(), "bin/go"), "#!/bin/sh\necho go version go1.19.8 linux/amd64\n");
  vi.stubEnv("PATH", join(home(), "bin"));
  await expect(goBinary(tool)).rejects.toThrow("the PATH has no go 1.21 or newer");
});

it("reports in one sentence that Go is missing", async () => {
  vi.stubEnv("PATH", home());
  await expect(goBinary(tool)).rejects.toThrow(/^the-tool 1\.2\.3 has to be built .* install Go/);
});

it("replaces patched files of a module in a copy of it", async () => {
  const module = join(home(), "modules/heavy@v1.0.0");
  await mkdir(module, { recursive: true });
  await writeFile(join(module, "unpatched.go"), "kept");
  await writeFile(join(module, "heavy.go"), "heavy");
  await fakeGo(
    `if [ "$1" = mod ]; then echo '{"Dir":"${module}"}'; exit; fi
     while [ "$1" != -o ]; do shift; done
     { cat go.mod main.go heavy@v1.0.0/unpatched.go heavy@v1.0.0/heavy.go; } > "$2"`,
  );
  const sources = { "main.go": "main\n" };
  const patches = { "example.org/heavy@v1.0.0": { "heavy.go": "light" } };
  const path = await goBinary({ ...tool, goMod: "module lab/tool\n", sources, patches });
  expect(await readFile(path, "utf8")).toBe(
    "module lab/tool\n\nreplace example.org/heavy => ./heavy@v1.0.0\nmain\nkeptlight",
  );
  expect(await readFile(join(module, "heavy.go"), "utf8")).toBe("heavy");
});

it("builds again when its own sources changed", async () => {
  await fakeGo('while [ "$1" != -o ]; do shift; done; cat main.go > "$2"');
  const path = (text: string) => goBinary({ ...tool, goMod: "module lab/tool\n", sources: { "main.go": text } });
  expect(await readFile(await path("one"), "utf8")).toBe("one");
  expect(await readFile(await path("two"), "utf8")).toBe("two");
});
