import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ensurePrograms } from "../../../lab/debian/debian.ts";
import { type GoBinary, goBinary } from "../../../lab/go/go-build.ts";
import { thisPlatform } from "../../../lab/go/go-platform.ts";
import { labImages } from "../../../lab/images/official-images.ts";
import { withWorld } from "../../with-world.ts";

/** The other architecture of Docker's servers, and the program that runs its programs here. */
const other =
  thisPlatform.arch === "arm64"
    ? { arch: "amd64", emulator: "qemu-x86_64-static" }
    : { arch: "arm64", emulator: "qemu-aarch64-static" };

const withModule: GoBinary = {
  name: "platform",
  version: "1",
  package: ".",
  binary: "platform",
  goMod: "module lab/platform\n\ngo 1.25\n",
  sources: {
    "main.go": 'package main\n\nimport "runtime"\n\nfunc main() { println(runtime.GOOS, runtime.GOARCH) }\n',
  },
};

const installed: GoBinary = {
  name: "pebble",
  version: labImages.pebble.version,
  package: "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv",
  binary: "pebble-challtestsrv",
};

describe("a program for images of another architecture", () => {
  const programs = withWorld(async () => {
    await ensurePrograms(
      { [other.emulator]: ["qemu-user-static"] },
      `this test runs programs of another architecture by ${other.emulator}; install it, then run this again`,
    );
    const platform = { os: "linux", arch: other.arch };
    return { built: await goBinary(withModule, platform), installed: await goBinary(installed, platform) };
  });
  const run = async (...command: string[]) => (await execa(other.emulator, command, { all: true, reject: false })).all;

  it("runs there when it was built with a go.mod", async () => {
    expect(await run(programs().built)).toBe(`linux ${other.arch}`);
  });

  it("runs there when it was installed from a released module", async () => {
    expect(await run(programs().installed, "-help")).toContain("-defaultIPv4");
  });

  it("is not the one for this machine", async () => {
    const { all } = await execa(await goBinary(withModule), [], { all: true });
    expect(all).toBe(`${thisPlatform.os} ${thisPlatform.arch}`);
  });
});
