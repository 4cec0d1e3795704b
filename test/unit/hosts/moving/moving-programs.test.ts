import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
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
const blob = blobOf("blob");
const owner = { id: "3f0c9a61d2b84e57", stack: "container-registry/team", takeOverFrom: [] };

function blobOf(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  return `${root}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
}

/** A tag's link. */
function to(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

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
    has: (file: string) => existsSync(path(file)),
    serve: (id = owner.id) => {
      mkdirSync(join(folder, "state/registry"), { recursive: true });
      writeFileSync(join(folder, "state/registry/manifest"), "");
      writeFileSync(join(folder, "state/registry/owner"), `${id} container-registry/theirs\n`);
    },
  };
}

/** One pass. Returns the paths that were sent. */
function pass(): string[] {
  const [old, next] = [host("old"), host("next")];
  const sent = compare(old.run(listProgram(old.images)));
  if (sent.length > 0) next.run(receiveProgram(next.images, owner), archive(sent));
  return sent;
}

/** The paths that the new host wants, by a list of the old one. */
function compare(list: string | Buffer): string[] {
  const next = host("next");
  const wanted = next.run(compareProgram(next.images, "old.example.org", owner), list);
  const lines = wanted.toString().trim().split("\n").filter(Boolean);
  return lines.map((line) => line.replace(/^\d+ /, ""));
}

function archive(paths: readonly string[]): Buffer {
  const old = host("old");
  return old.run(sendProgram(old.images), `${paths.join("\n")}\n`);
}

beforeEach(() => {
  host("old").write(tag, to("one"));
  host("old").write(blob, "blob");
});

describe("a pass", () => {
  it("sends blobs first, with their times, and the next pass sends nothing", () => {
    expect(pass()).toEqual([blob, tag]);
    expect(host("next").read(tag)).toBe(to("one"));
    expect(pass()).toEqual([]);
  });

  it("sends a tag that was pushed again, which has the same size, and leaves uploads under way", () => {
    pass();
    host("old").write(tag, to("two"), 1_700_000_000.5);
    host("old").write(`${root}/repositories/team/app/_uploads/1/data`, "half");
    expect(pass()).toEqual([tag]);
    expect(host("next").read(tag)).toBe(to("two"));
  });

  it("deletes what was deleted on the old host since the last pass", () => {
    pass();
    host("old").remove(tag);
    expect(pass()).toEqual([]);
    expect(() => host("next").read(tag)).toThrow("ENOENT");
  });

  it.each([false, true])(
    "an archive that ends early leaves no part of a file, where a registry serves: %s",
    (serves) => {
      const [old, next] = [host("old"), host("next")];
      const large = "large".repeat(100_000);
      old.write(blobOf(large), large);
      if (serves) next.serve();
      const sent = compare(old.run(listProgram(old.images)));
      const whole = archive(sent);
      expect(() => next.run(receiveProgram(next.images, owner), whole.subarray(0, whole.length - 100_000))).toThrow(
        "Unexpected EOF in archive",
      );
      expect([blob, blobOf(large), tag].filter(next.has)).toEqual([]);
      // Blobs that came whole do not come again.
      expect(pass()).toEqual(sent.filter((file) => file !== blob || sent[0] !== blob));
      expect([blob, blobOf(large), tag].filter((file) => !next.has(file))).toEqual([]);
      expect(pass()).toEqual([]);
    },
  );

  it("deletes nothing by a list that ended early", () => {
    pass();
    const list = host("old")
      .run(listProgram(host("old").images))
      .toString()
      .split("\n");
    expect(() => compare(`${list[0]}\n`)).toThrow("the list of files of old.example.org ended early");
    expect([blob, tag].filter((file) => !host("next").has(file))).toEqual([]);
  });

  it("copies no damaged blob or link, names them, and copies the rest", () => {
    const other = tag.replace("/v1/", "/v2/");
    host("old").write(blob, "\0\0\0\0");
    host("old").write(other, "\0\0\0");
    expect(pass).toThrow(`2 files of the old host are damaged there, and were not copied: ./${blob} ./${other}`);
    expect([blob, other, tag].map(host("next").has)).toEqual([false, false, true]);
  });

  it("touches no machine that has another stack's registry", () => {
    host("next").serve("0000000000000000");
    expect(pass).toThrow(
      "this machine's registry belongs to the stack container-registry/theirs (owner 0000000000000000); nothing was touched",
    );
    expect(host("next").has(tag)).toBe(false);
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
    expect(host("next").read(tag)).toBe(to("one"));
  });
});

describe("a pass to a host that serves already", () => {
  it("brings what came last, and leaves what was pushed and deleted there since", () => {
    const other = tag.replace("/v1/", "/v2/");
    host("old").write(other, to("old"));
    pass();
    host("next").serve();
    host("next").write(tag, to("newer"), 1_700_000_100);
    host("next").write(tag.replace("/app/", "/new/"), to("new"), 1_700_000_100);
    host("next").remove(other);
    const last = tag.replace("/v1/", "/last/");
    host("old").write(last, to("last"));
    expect(pass()).toEqual([last]);
    expect(host("next").read(tag)).toBe(to("newer"));
    expect(host("next").read(tag.replace("/app/", "/new/"))).toBe(to("new"));
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
