import { randomBytes } from "node:crypto";
import { appendFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../lab/proxy/ask.ts";
import { pushBlob, pushImage } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { collector } from "../fire/collector.ts";
import { type Acknowledged, notWhole } from "../fire/whole.ts";
import { type Bounds, type Outcome, repeat } from "../scenario.ts";
import { smallDisk } from "../small-disk.ts";

const as = { bearer: "jenkins" };
const layerBytes = 1_000_000;
const pushesAtMost = 100;

/** Fills the storage's file system to the last byte by pushes, deletes, collects, and pushes again. */
export async function fullDisk(bounds: Bounds): Promise<Outcome> {
  await using disk = await smallDisk(40);
  await using proxy = await startProxy({ collected: true }, { storage: join(disk.path, "registry") });
  const { run } = await collector(proxy);
  const problems: string[] = [];
  const statuses = new Set<number>();
  const images: Acknowledged[] = [];
  let freed = 0;
  // The first collection writes the reserve, which the later ones need.
  await run("--min-age", "0", "--wait", "0");

  const push = async () => {
    const layer = randomBytes(layerBytes);
    // pushImage passes over what an upload answers.
    const uploaded = await pushBlob(proxy, "team/app", layer, as);
    if (uploaded.status !== 201) return uploaded;
    const tag = `v${images.length}`;
    const { answer, digest } = await pushImage(proxy, "team/app", tag, layer, as);
    if (answer.status === 201) images.push({ repository: "team/app", tag, digest });
    return answer;
  };

  const rounds = await repeat(bounds, async () => {
    let answer = await push();
    for (let count = 1; answer.status === 201 && count < pushesAtMost; count++) answer = await push();
    await fill(join(disk.path, "fill"));
    answer = await push();
    statuses.add(answer.status);
    if (answer.status === 201) problems.push("a push succeeded on a full disk");
    problems.push(...(await notWhole(proxy, images)));

    for (const { repository, digest } of images.splice(2)) {
      const { status, text } = await ask(proxy, `DELETE /v2/${repository}/manifests/${digest}`, as);
      if (status !== 202) problems.push(`DELETE on a full disk: ${status} ${text}`);
    }
    // What was linked in the last seconds before a collection is new to it.
    await sleep(2500);
    await run("--min-age", "0", "--wait", "0");
    const { emptiedBytes } = await run("--purge");
    freed += emptiedBytes;
    const again = await push();
    await rm(join(disk.path, "fill"), { force: true });
    if (again.status !== 201) problems.push(`push after the collection: ${again.status} ${again.text}`);
    problems.push(...(await notWhole(proxy, images)));
  });
  return {
    counts: {
      "times full": rounds,
      "bytes freed": freed,
      "status of a refused push": Math.max(0, ...statuses),
      "images pulled whole": images.length,
    },
    problems: [...problems, ...(freed === 0 ? ["nothing was freed"] : [])],
  };
}

/** Writes into a file until no byte is left. */
async function fill(path: string): Promise<void> {
  for (const bytes of [100_000, 4096, 512, 1]) {
    while (
      await appendFile(path, Buffer.alloc(bytes)).then(
        () => true,
        () => false,
      )
    );
  }
  const { bavail } = await statfs(path);
  if (bavail > 0) throw new Error(`${path} has ${bavail} free blocks yet`);
}
