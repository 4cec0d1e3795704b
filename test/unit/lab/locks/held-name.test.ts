import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { holdName } from "../../../../lab/locks/held-name.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const folder = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "held");
  vi.stubEnv("TMPDIR", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  return folder;
});

it.each(["linux", "darwin"] as const)("holdName on %s › reserves a name until it is released", async (platform) => {
  const name = `test-${process.pid}`;
  const first = await holdName(name, platform);
  expect(first).toBeDefined();
  expect(await holdName(name, platform)).toBeUndefined();
  expect(await holdName(`${name}-other`, platform).then((other) => other?.close())).toBeDefined();
  if (first) await once(first.close(), "close");
  const second = await holdName(name, platform);
  expect(second).toBeDefined();
  second?.close();
});

it("holdName on darwin › takes the name of a process that was killed", async () => {
  const path = join(folder(), "container-registry-lab-killed.sock");
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("listens"))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  expect(await holdName("killed", "darwin")).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const held = await holdName("killed", "darwin");
  expect(held).toBeDefined();
  held?.close();
});
