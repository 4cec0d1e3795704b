import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";
import { shells } from "../shells.ts";
import { indexOf, ScratchRegistry } from "./scratch-registry.ts";

const program = shellFiles(new URL("../../../../hosts/backup/", import.meta.url), [
  "links.awk",
  "references.awk",
  "problems.awk",
  "hash-blobs",
  "check-storage",
]);

/** The problems of a scratch registry's storage, a line each. */
function problems(registry: ScratchRegistry, path: string): string[] {
  const script = `tree=docker/registry/v2; lists=$(mktemp -d)\n${program}\ncheck_storage "$1"\n`;
  const { stdout, stderr } = spawnSync("sh", ["-c", script, "sh", registry.storage], {
    encoding: "utf8",
    env: { PATH: `${registry.folder}/bin:${path}`, real_path: path, LC_ALL: "C" },
  });
  expect(stderr.replace(/^hashed .*\n/gm, "")).toBe("");
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(sortedNames);
}

describe.each(shells)("check_storage with $name", ({ path }) => {
  it("finds nothing in a whole storage, or in an empty one", () => {
    using registry = new ScratchRegistry();
    expect(problems(registry, path)).toEqual([]);
    registry.push("team/app", "1.0", "a");
    registry.push("app", "1.0", "b");
    expect(problems(registry, path)).toEqual([]);
  });

  it("names every tag that a flipped byte hurts", () => {
    using registry = new ScratchRegistry();
    const { layer } = registry.push("team/app", "1.0", "shared");
    registry.push("team/app", "2.0", "shared");
    registry.push("other", "1.0", "another");
    registry.push("other", "shared", "shared");
    registry.write(registry.blobPath(layer), "sharEd");
    expect(problems(registry, path)).toEqual(
      [`damaged blob\tsha256:${layer}\t${["team/app:1.0", "team/app:2.0", "other:shared"].sort().join(",")}`].map(
        sortedNames,
      ),
    );
  });

  it("finds a damaged manifest, and one that is missing", () => {
    using registry = new ScratchRegistry();
    const one = registry.push("app", "1.0", "a");
    const two = registry.push("app", "2.0", "b");
    registry.write(registry.blobPath(one.manifest), "{}");
    registry.remove(registry.blobPath(two.manifest));
    expect(problems(registry, path)).toEqual([
      `damaged blob\tsha256:${one.manifest}\tapp:1.0`,
      `missing blob\tsha256:${two.manifest}\tapp:2.0`,
    ]);
  });

  it("finds truncated and missing links", () => {
    using registry = new ScratchRegistry();
    const one = registry.push("app", "1.0", "a");
    registry.write("storage/docker/registry/v2/repositories/app/_manifests/tags/1.0/current/link", "");
    registry.push("app", "2.0", "b");
    const three = registry.push("app", "3.0", "c");
    registry.write(`storage/docker/registry/v2/repositories/app/_layers/sha256/${three.layer}/link`, "sha256:12");
    const four = registry.push("app", "4.0", "d");
    registry.remove(`storage/docker/registry/v2/repositories/app/_manifests/revisions/sha256/${four.manifest}`);
    expect(problems(registry, path)).toEqual([
      `broken link\tapp/_layers/sha256/${three.layer}/link\tapp:3.0`,
      "broken link\tapp/_manifests/tags/1.0/current/link\tapp:1.0",
      `missing link\tapp/_manifests/revisions/sha256/${four.manifest}/link\tapp:4.0`,
    ]);
    expect(one.layer).toHaveLength(64);
  });

  it("walks through an index to its children", () => {
    using registry = new ScratchRegistry();
    const child = registry.push("app", "amd64", "a");
    registry.pushManifest("app", "all", registry.blob(indexOf(child.manifest)));
    registry.remove(registry.blobPath(child.layer));
    expect(problems(registry, path)).toEqual(
      [`missing blob\tsha256:${child.layer}\tapp:all,app:amd64`].map(sortedNames),
    );
  });

  it("finds a truncated blob, and one that the disk does not give out", () => {
    using registry = new ScratchRegistry();
    const one = registry.push("app", "1.0", "a layer");
    const two = registry.push("app", "2.0", "another layer");
    registry.write(registry.blobPath(one.layer), "a lay");
    hashing(
      registry,
      `for each; do shift; case $each in *${two.layer}*) ;; *) set -- "$@" "$each" ;; esac; done; [ $# -gt 0 ] || exit 1`,
    );
    expect(problems(registry, path)).toEqual(
      [`damaged blob\tsha256:${one.layer}\tapp:1.0`, `damaged blob\tsha256:${two.layer}\tapp:2.0`].sort(),
    );
  });

  it("does not mind a push meanwhile, nor an upload that has not ended", () => {
    using registry = new ScratchRegistry();
    registry.push("app", "1.0", "a");
    registry.write("storage/docker/registry/v2/repositories/app/_uploads/1/data", "half a la");
    const later = new ScratchRegistry({ initialized: false });
    later.push("app", "2.0", "b");
    later.push("new", "1.0", "c");
    hashing(registry, `cp -R '${later.storage}/docker' '${registry.storage}/'`);
    expect(problems(registry, path)).toEqual([]);
    later[Symbol.dispose]();
  });

  it("does not mind a blob that is written meanwhile", () => {
    using registry = new ScratchRegistry();
    const { manifest } = registry.push("app", "1.0", "a");
    const file = join(registry.folder, registry.blobPath(manifest));
    hashing(registry, `mv '${file}.whole' '${file}' 2>/dev/null || :`, "after");
    spawnSync("sh", ["-c", `cp '${file}' '${file}.whole' && printf '{"sch' >'${file}'`]);
    expect(problems(registry, path)).toEqual([]);
  });

  it("does not mind an image that is deleted and collected meanwhile", () => {
    using registry = new ScratchRegistry();
    const { manifest, layer } = registry.push("app", "1.0", "a");
    registry.push("app", "2.0", "b");
    const below = `${registry.storage}/docker/registry/v2`;
    const [links, blobs] = [`${below}/repositories/app/_manifests`, `${below}/blobs/sha256`];
    hashing(
      registry,
      `rm -rf '${links}/tags/1.0' '${links}/revisions/sha256/${manifest}' '${blobs}/${layer.slice(0, 2)}/${layer}' '${blobs}/${manifest.slice(0, 2)}/${manifest}'`,
    );
    expect(problems(registry, path)).toEqual([]);
  });

  it("names an image without a tag by its digest", () => {
    using registry = new ScratchRegistry();
    const { manifest, config } = registry.push("app", "1.0", "a");
    registry.remove("storage/docker/registry/v2/repositories/app/_manifests/tags");
    registry.remove(registry.blobPath(config));
    expect(problems(registry, path)).toEqual([`missing blob\tsha256:${config}\tapp@sha256:${manifest}`]);
  });

  it("asks for no subject, which need not exist, and for no foreign layer", () => {
    using registry = new ScratchRegistry();
    const absent = "a".repeat(64);
    const manifest = JSON.stringify(
      {
        schemaVersion: 2,
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest: `sha256:${registry.blob("{}")}`, size: 2 },
        layers: [
          { mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", digest: `sha256:${absent}` },
        ],
        subject: { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: `sha256:${absent}`, size: 2 },
      },
      undefined,
      2,
    );
    const config = registry.blob("{}");
    registry.link("app", `_layers/sha256/${config}`, config);
    registry.pushManifest("app", "sbom", registry.blob(manifest));
    expect(problems(registry, path)).toEqual([]);
  });

  it("finds a damaged blob that nothing names", () => {
    using registry = new ScratchRegistry();
    const hex = registry.blob("unused");
    registry.write(registry.blobPath(hex), "Unused");
    expect(problems(registry, path)).toEqual([`damaged blob\tsha256:${hex}\t`]);
  });
});

/** Has each run of sha256sum do something to the storage before or after it reads. */
function hashing(registry: ScratchRegistry, command: string, when: "before" | "after" = "before"): void {
  const real = 'PATH=$real_path sha256sum "$@"';
  const [first, second] = when === "before" ? [command, real] : [real, command];
  registry.write("bin/sha256sum", `#!/bin/sh\n${first}\n${second}\n`);
  chmodSync(join(registry.folder, "bin/sha256sum"), 0o755);
}

/** `find` lists tags in no order of its own. */
function sortedNames(line: string): string {
  const [what, which, names = ""] = line.split("\t");
  return [what, which, names.split(",").sort().join(",")].join("\t");
}
