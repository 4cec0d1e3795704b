import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  compareProgram,
  listProgram,
  movedParts,
  receiveProgram,
  sendProgram,
} from "../../../../hosts/moving/moving-programs.ts";
import { HostVariant } from "../../../../settings/variants/host.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const world = withFreshWorld(async (cleanup) => ({ folder: temporaryFolder(cleanup, "moving") }));
const root = "docker/registry/v2";
const tag = `${root}/repositories/team/app/_manifests/tags/v1/current/link`;
const blob = `${root}/blobs/sha256/ab/abcd/data`;

/** The programs of one of the two hosts, whose files are below a folder of the test. */
function host(name: "old" | "next") {
  const folder = join(world().folder, name);
  const [images] = movedParts({ storagePath: join(folder, "images"), tls: { kind: "none" } });
  if (images === undefined) throw new Error("no images move");
  const run = (program: string, input: string | Buffer = "") => {
    const here = program.replaceAll("/var/lib/container-registry", join(folder, "state"));
    const { status, stdout, stderr } = spawnSync("sh", ["-c", here], { input, maxBuffer: 1e8 });
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  };
  const path = (file: string) => join(folder, "images", file);
  return {
    images,
    run,
    read: (file: string) => readFileSync(path(file), "utf8"),
    remove: (file: string) => rmSync(path(file)),
    write: (file: string, text: string, time = 1_700_000_000) => {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), text);
      utimesSync(path(file), time, time);
    },
    serve: () => {
      mkdirSync(join(folder, "state/registry"), { recursive: true });
      writeFileSync(join(folder, "state/registry/manifest"), "");
    },
  };
}

/** One pass. Returns the paths that were sent. */
function pass(): string[] {
  const [old, next] = [host("old"), host("next")];
  const wanted = next.run(compareProgram(next.images, "old.example.org"), old.run(listProgram(old.images)));
  const paths = wanted.toString().trim().split("\n").filter(Boolean);
  const sent = paths.map((line) => line.replace(/^\d+ /, ""));
  if (sent.length > 0) next.run(receiveProgram(next.images), old.run(sendProgram(old.images), `${sent.join("\n")}\n`));
  return sent;
}

beforeEach(() => {
  host("old").write(tag, "sha256:one");
  host("old").write(blob, "blob");
});

describe("a pass", () => {
  it("sends blobs first, with their times, and the next pass sends nothing", () => {
    expect(pass()).toEqual([blob, tag]);
    expect(host("next").read(tag)).toBe("sha256:one");
    expect(pass()).toEqual([]);
  });

  it("sends a tag that was pushed again, which has the same size, and leaves uploads under way", () => {
    pass();
    host("old").write(tag, "sha256:two", 1_700_000_000.5);
    host("old").write(`${root}/repositories/team/app/_uploads/1/data`, "half");
    expect(pass()).toEqual([tag]);
    expect(host("next").read(tag)).toBe("sha256:two");
  });

  it("deletes what was deleted on the old host since the last pass", () => {
    pass();
    host("old").remove(tag);
    expect(pass()).toEqual([]);
    expect(() => host("next").read(tag)).toThrow("ENOENT");
  });

  it("goes on after a pass that sent a part, and sends a file anew that came over in part", () => {
    const [old, next] = [host("old"), host("next")];
    next.run(compareProgram(next.images, "old"), old.run(listProgram(old.images)));
    next.write(blob, "bl", 1_700_000_009);
    expect(pass()).toEqual([blob, tag]);
    expect(next.read(blob)).toBe("blob");
  });

  it("refuses a new host with other images, and changes nothing", () => {
    host("next").write(`${root}/repositories/theirs/link`, "theirs");
    expect(pass).toThrow(`has 1 files that old.example.org does not have, as ${root}/repositories/theirs/link`);
    expect(() => host("next").read(tag)).toThrow("ENOENT");
  });

  it("refuses an old host whose images are gone, as where its disk is not mounted", () => {
    pass();
    host("old").remove(tag);
    host("old").remove(blob);
    expect(pass).toThrow("old.example.org no longer has any of the files that were copied");
    expect(host("next").read(tag)).toBe("sha256:one");
  });
});

describe("a pass to a host that serves already", () => {
  it("brings what came last, and leaves what was pushed and deleted there since", () => {
    const other = tag.replace("/v1/", "/v2/");
    host("old").write(other, "sha256:old");
    pass();
    host("next").serve();
    host("next").write(tag, "sha256:newer", 1_700_000_100);
    host("next").write(tag.replace("/app/", "/new/"), "sha256:new", 1_700_000_100);
    host("next").remove(other);
    const last = tag.replace("/v1/", "/last/");
    host("old").write(last, "sha256:last");
    expect(pass()).toEqual([last]);
    expect(host("next").read(tag)).toBe("sha256:newer");
    expect(host("next").read(tag.replace("/app/", "/new/"))).toBe("sha256:new");
    expect(() => host("next").read(other)).toThrow("ENOENT");
    expect(pass()).toEqual([]);
  });

  it("deletes a tag that the old host deleted before it became read-only", () => {
    pass();
    host("next").serve();
    host("old").remove(tag);
    pass();
    expect(() => host("next").read(tag)).toThrow("ENOENT");
  });
});

it("certificates move with ACME alone", () => {
  const moved = (tls: object) => {
    const connection = { kind: "local" };
    return movedParts(HostVariant.parse({ kind: "host", connection, tls })).map(({ name }) => name);
  };
  expect(moved({ kind: "private-ca" })).toEqual(["images"]);
  expect(moved({ kind: "acme", email: "ops@example.org" })).toEqual(["images", "certificates"]);
});
