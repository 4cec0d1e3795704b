import { confirmed } from "../confirm.ts";
import type { Contents } from "../contents/contents.ts";
import { readContents, readRepository } from "../contents/read-contents.ts";
import { OperationError } from "../operation-error.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";
import { carryOut } from "./carry-out.ts";
import type { ImagesInUse } from "./in-use.ts";
import { planRepository, type RepositoryPlan } from "./plan-repository.ts";
import { type DeletionReport, deletionReport } from "./report.ts";
import { reportText } from "./report-text.ts";
import type { Selection } from "./selection.ts";
import type { UntaggedFinder } from "./untagged/find-untagged.ts";

export type DeletionOptions = {
  dryRun: boolean;
  /** Whether to ask in the terminal before anything is deleted. */
  asks: boolean;
  /** Whether an image that has to stay is an error, as where a user named it. */
  strict: boolean;
  /** Finds manifests without a tag. @default nobody looks for them */
  untagged?: UntaggedFinder | undefined;
};

/** What stays whatever is selected. */
export type HeldImages = { pods: DeletionReport["pods"]; inUse: ImagesInUse };

/** Deletes what `select` selects from all that a registry holds, and returns the report about it. */
export async function deleteSelected(
  registry: RegistryApi,
  select: (contents: Contents) => Selection,
  { dryRun, asks, strict, untagged, pods, inUse }: DeletionOptions & HeldImages,
): Promise<DeletionReport> {
  console.error(`reading what ${registry.url} holds`);
  const read = await readContents(registry, await registry.repositories());
  for (const { message } of read.denied) console.error(`left alone: ${message}`);
  const contents = { repositories: untagged ? await untagged.inAll(read.repositories) : read.repositories };
  const selection = select(contents);
  const plans = planSelected(contents, selection, inUse);
  if (strict) refuseNeeded(plans);

  const described = { repositories: contents.repositories, selection, pods };
  const planned = deletionReport({ ...described, plans, dryRun: true });
  const changing = plans.filter(({ deletes, untags }) => deletes.length + untags.length > 0);
  if (dryRun || changing.length === 0) return { ...planned, dryRun };

  if (asks) {
    console.error(reportText(planned, { details: false }));
    if (!(await confirmed("Delete them?")))
      throw new OperationError("nothing was deleted; without a question: --yes; only to see what goes: --dry-run");
  }
  const target = {
    read: async (name: string) => {
      const repository = await readRepository(registry, name);
      return untagged ? untagged.in(repository) : repository;
    },
    deleteManifest: (name: string, reference: string) => registry.deleteManifest(name, reference),
  };
  const done = await carryOut(target, changing, inUse, (name) => console.error(`${name}: done`));
  const unchanged = plans.filter((plan) => !changing.includes(plan));
  return deletionReport({ ...described, plans: [...done, ...unchanged], dryRun: false });
}

/** Plans the deletion of a selection, for each repository that has something selected. */
export function planSelected({ repositories }: Contents, selection: Selection, inUse: ImagesInUse): RepositoryPlan[] {
  return repositories.flatMap((repository) => {
    const asked = selection.get(repository.name);
    return asked === undefined ? [] : [planRepository(repository, asked, inUse)];
  });
}

/** Throws if something that was asked for has to stay. */
function refuseNeeded(plans: readonly RepositoryPlan[]): void {
  const needed = plans.flatMap(({ repository, stays }) =>
    [...stays].map(([what, why]) => {
      const separator = what.startsWith("sha256:") ? "@" : ":";
      return `${repository.name}${separator}${what} stays, since ${why}`;
    }),
  );
  if (needed.length > 0) throw new OperationError(`nothing was deleted: ${needed.join("; ")}`);
}
