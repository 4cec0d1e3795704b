import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const world = withFreshWorld(async (cleanup) => ({ folder: temporaryFolder(cleanup, "old-host") }));

const program =
  shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude"]) +
  shellFiles(new URL("../../../../hosts/registry-host/", import.meta.url), ["old-host"]);

const write = (name: string, text: string) => writeFileSync(join(world().folder, name), text);

/** Runs `require_old_host` on a machine whose files are in the folder, for a registry that moves to 203.0.113.9. */
function requireOldHost(movesTo = "203.0.113.9") {
  const { folder } = world();
  const variables = `home=${folder} moved_here_file=${folder}/moved-here compose_file=${folder}/compose.yaml`;
  const script = `${program}\n${variables} storage_path=/srv/data/registry moves_to=${movesTo}\nrequire_old_host\n`;
  return spawnSync("sh", ["-c", script], { encoding: "utf8" });
}

beforeEach(() => {
  write("manifest", "");
  write("compose.yaml", "    volumes:\n      - /srv/data/registry:/var/lib/registry\n");
});

it("the old host is accepted, also if a registry once moved there", () => {
  expect(requireOldHost()).toMatchObject({ status: 0, stderr: "" });
  write("moved-here", "203.0.113.5\n");
  expect(requireOldHost()).toMatchObject({ status: 0, stderr: "" });
});

it("the machine that the registry moves to is refused, under any address", () => {
  write("moved-here", "203.0.113.9\n");
  expect(requireOldHost().stderr).toContain("variant.oldHost and variant.connection lead to the same machine");
  expect(requireOldHost("")).toMatchObject({ status: 0, stderr: "" });
});

it("a machine without this stack's registry is refused", () => {
  rmSync(join(world().folder, "manifest"));
  expect(requireOldHost().stderr).toContain("which is not this stack's registry host; nothing was touched");
});

it("another storage path is refused, since the old host would serve an empty folder", () => {
  write("compose.yaml", "      - /srv/data/registry-2:/var/lib/registry\n");
  expect(requireOldHost().stderr).toContain("has its images in another folder than /srv/data/registry");
});
