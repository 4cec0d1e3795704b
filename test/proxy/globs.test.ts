import { describe, expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import fc from "../properties.ts";
import { globMatches } from "../unit/render/glob-model.ts";
import { glob, repository } from "../unit/render/repositories.ts";

const globs = fc.uniqueArray(glob, { minLength: 10, maxLength: 10 });
const repositories = fc.uniqueArray(repository, { minLength: 20, maxLength: 20 });

describe("globs", () => {
  it("let through what they say, and no push, pull or delete beside it", async () => {
    await using proxy = await startProxy({ requiresAuthForPull: true });
    const runs = fc.asyncProperty(globs, repositories, async (globs, repositories) => {
      const accounts = globs.flatMap((glob, index) => [
        account(`pushes-${index}`, { push: [glob] }),
        account(`pulls-${index}`, { pull: [glob] }),
        account(`deletes-${index}`, { delete: [glob] }),
      ]);
      await proxy.reload({ accounts });
      for (const [index, glob] of globs.entries())
        for (const name of repositories) {
          const allowed = async (line: string, bearer: string) => (await ask(proxy, line, { bearer })).status !== 403;
          const unknown = `/v2/${name}/manifests/sha256:${"0".repeat(64)}`;
          const seen = {
            push: await allowed(`POST /v2/${name}/blobs/uploads/`, `pushes-${index}`),
            pullByPush: await allowed(`GET ${unknown}`, `pushes-${index}`),
            pull: await allowed(`GET ${unknown}`, `pulls-${index}`),
            pushByPull: await allowed(`POST /v2/${name}/blobs/uploads/`, `pulls-${index}`),
            delete: await allowed(`DELETE ${unknown}`, `deletes-${index}`),
            deleteByPush: await allowed(`DELETE ${unknown}`, `pushes-${index}`),
            pullByDelete: await allowed(`GET ${unknown}`, `deletes-${index}`),
          };
          const within = globMatches(glob, name);
          expect({ glob, name, ...seen }).toEqual({
            glob,
            name,
            push: within,
            pullByPush: within,
            pull: within,
            pushByPull: false,
            delete: within,
            deleteByPush: false,
            pullByDelete: false,
          });
        }
    });
    await fc.assert(runs, { numRuns: 4, endOnFailure: true });
  }, 300_000);
});
