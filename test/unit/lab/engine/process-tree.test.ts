import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { it, vi } from "vitest";
import { killTree } from "../../../../lab/engine/process-tree.ts";

it("kills grandchildren too, in process groups of their own", async () => {
  const shell = execa("sh", ["-c", "setsid sleep 60 & echo $!; wait"], { reject: false });
  let grandchild = 0;
  shell.stdout.on("data", (line) => {
    grandchild = Number(line);
  });
  await vi.waitUntil(() => grandchild > 0, { timeout: 15_000 });
  await killTree(shell.pid ?? 0);
  await shell;
  await vi.waitUntil(() => isGone(grandchild), { timeout: 15_000 });
});

/** Gone, or dead with nobody who asks after it. */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat === "" || / Z /.test(stat);
}
