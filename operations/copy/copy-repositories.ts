import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLoginFolder } from "../login-folder.ts";
import { OperationError } from "../operation-error.ts";
import type { Comparison } from "./compare.ts";
import { compareAll } from "./compare-all.ts";
import { Copier } from "./copier.ts";
import type { Copying } from "./copying.ts";
import { limited } from "./limited.ts";
import { regctlConfig, requireRegctl } from "./regctl.ts";
import type { Pair } from "./selection.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** `copied`: how many images this run copied. */
export type Copied = Comparison & { copied: number };

/** Copies what the destination lacks, until both sides agree or no further try helps. */
export async function copyRepositories(copying: Copying): Promise<Copied> {
  requirePushRights(copying);
  await requireRegctl();
  using limit = await limited(copying.bytesPerSecond, copying);
  return await withLoginFolder((folder) =>
    untilInterrupted(async (signal) => {
      const configs = await writeConfigs(folder, copying);
      const copier = new Copier(copying, { configs, env: limit.env, signal });
      for (;;) {
        const compared = await compareAll(copying);
        const tried = await copier.copy(compared.differences);
        signal.throwIfAborted();
        if (tried > 0) continue;
        return { ...compared, differences: copier.explained(compared.differences), copied: copier.copied };
      }
    }),
  );
}

/** Throws before anything is copied, and names every repository to which no account may push. */
function requirePushRights({ destination, pairs }: Copying): void {
  const denied = pairs.filter(({ to }) => destination.logins({ right: "push", repository: to }) === undefined);
  if (denied.length > 0)
    throw new OperationError(
      `nothing was copied: no account of the stack may push to ${denied.map(({ to }) => to).join(", ")}; give one that right, accounts[].push, or copy to another path: --to PREFIX`,
    );
}

/** Writes a configuration of regctl for each repository, since other accounts may have the rights there. */
async function writeConfigs(folder: string, { source, destination, pairs }: Copying): Promise<Map<Pair, string>> {
  const configs = pairs.map(async (pair, index) => {
    const path = join(folder, `regctl-${index}.json`);
    const text = regctlConfig([
      { side: source, access: { right: "pull", repository: pair.from } },
      { side: destination, access: { right: "push", repository: pair.to } },
    ]);
    await writeFile(path, text, { mode: 0o600 });
    return [pair, path] as const;
  });
  return new Map(await Promise.all(configs));
}
