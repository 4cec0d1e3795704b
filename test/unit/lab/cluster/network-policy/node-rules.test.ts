import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startNodeRules } from "../../../../../lab/cluster/network-policy/node-rules.ts";
import { temporaryFolder, withFreshWorld } from "../../../../with-world.ts";

const rules = (...lines: string[]) => ["*mangle", ":LAB-NETWORK-POLICY - [0:0]", ...lines, "COMMIT", ""].join("\n");
const taken = ["delete FORWARD --jump", "flush", "delete-chain"].map((what) => `--${what} LAB-NETWORK-POLICY`);

/** A fake node: its iptables log their arguments and input, and reject the target `nowhere`. */
const world = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "node-rules");
  const program = (name: string, script: string) =>
    writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await program("docker", 'shift 3; exec "$@"');
  await program("iptables", `echo "$*" >>${folder}/log`);
  await program(
    "iptables-restore",
    `tee -a ${folder}/log | { ! grep nowhere >/dev/null; } || { echo "no nowhere" >&2; exit 2; }`,
  );
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  cleanup.defer(() => vi.unstubAllEnvs());
  const node = startNodeRules("lab-worker");
  cleanup.defer(() => Promise.allSettled([node[Symbol.asyncDispose]()]));
  return { folder, node };
});

describe("a node's rules", () => {
  it("have replaced the earlier ones when replace resolves", async () => {
    await world().node.replace(rules("-A LAB-NETWORK-POLICY -j DROP"));
    expect(await log()).toContain("-A LAB-NETWORK-POLICY -j DROP\nCOMMIT\n");
    await world().node.replace(rules());
    expect((await log()).endsWith(rules())).toBe(true);
  });

  it("are removed at the end, and those of an earlier process at the start", async () => {
    await world().node.replace(rules());
    await world().node[Symbol.asyncDispose]();
    const lines = (await log()).split("\n").map((line) => line.replace("--wait --table mangle ", ""));
    expect(lines.slice(0, 5)).toEqual([
      ...taken,
      "--new-chain LAB-NETWORK-POLICY",
      "--insert FORWARD --jump LAB-NETWORK-POLICY",
    ]);
    expect(lines.slice(-4)).toEqual([...taken, ""]);
  });

  it("are removed when iptables rejects some, and replace fails", async () => {
    await expect(world().node.replace(rules("-A LAB-NETWORK-POLICY -j nowhere"))).rejects.toThrow("no nowhere");
    await expect(world().node[Symbol.asyncDispose]()).rejects.toThrow("no nowhere");
    expect((await log()).trim().split("\n").at(-1)).toMatch("--delete-chain LAB-NETWORK-POLICY");
  });
});

function log(): Promise<string> {
  return readFile(join(world().folder, "log"), "utf8");
}
