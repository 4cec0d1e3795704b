import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { docker } from "../../../../lab/docker/docker.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

/** The folder of a `docker` that takes a moment and writes when it began and ended. */
const folder = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "docker");
  const script = `#!/bin/sh\necho "begin $1" >>${folder}/log; sleep 0.1; echo "end $1" >>${folder}/log; [ "$2" != bad ]\n`;
  await writeFile(join(folder, "docker"), script);
  await chmod(join(folder, "docker"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.stubEnv("XDG_STATE_HOME", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  return folder;
});

const log = async () => (await readFile(join(folder(), "log"), "utf8")).trim().split("\n");

it("docker › runs commands that change networks one at a time, after a failure too", async () => {
  const failing = expect(docker(["stop", "bad"])).rejects.toThrow("docker");
  await Promise.all([failing, docker(["start", "b"]), docker(["network", "connect", "n", "c"])]);
  const steps = await log();
  const ends = steps.filter((_, index) => index % 2 === 1);
  expect(steps).toEqual(ends.flatMap((end) => [end.replace("end", "begin"), end]));
  expect([...ends].sort()).toEqual(["end network", "end start", "end stop"]);
});

it("docker › retries the removal of a container once, and no other command", async () => {
  await expect(docker(["rm", "bad"])).rejects.toThrow("docker");
  await expect(docker(["stop", "bad"])).rejects.toThrow("docker");
  expect((await log()).filter((step) => step.startsWith("begin"))).toEqual(["begin rm", "begin rm", "begin stop"]);
});

it("docker › runs other commands in parallel", async () => {
  await Promise.all([docker(["inspect", "a"]), docker(["exec", "b"])]);
  expect((await log()).slice(0, 2).sort()).toEqual(["begin exec", "begin inspect"]);
});
