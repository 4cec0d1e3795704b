import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ask } from "../../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../../lab/proxy/content.ts";
import { startProxy } from "../../../lab/proxy/start-proxy.ts";

it("a blob that is about to be collected is missing until a client uploads it, in that client's repository", async () => {
  await using proxy = await startProxy({ collected: true });
  const layer = Buffer.from("layer");
  const push = (repository: string) => pushBlob(proxy, repository, layer, { bearer: "jenkins" });
  const head = async (repository: string) =>
    (await ask(proxy, `HEAD /v2/${repository}/blobs/${digestOf(layer)}`)).status;
  for (const repository of ["one", "two"]) expect((await push(repository)).status).toBe(201);

  const candidates = join(proxy.storage, "collection/candidates");
  await mkdir(candidates, { recursive: true });
  await writeFile(join(candidates, digestOf(layer).slice("sha256:".length)), "");
  expect([await head("one"), await head("two")]).toEqual([404, 404]);

  expect((await push("one")).status).toBe(201);
  expect([await head("one"), await head("two")]).toEqual([200, 404]);
});
