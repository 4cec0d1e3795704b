import pLimit from "p-limit";
import type { Digest, Repository } from "../contents/contents.ts";
import { OperationError } from "../operation-error.ts";
import type { ImagesInUse } from "./in-use.ts";
import { planRepository, type RepositoryPlan } from "./plan-repository.ts";

/** The registry in which a deletion is carried out. */
export type DeletingRegistry = {
  /** A repository as it is now. */
  read(name: string): Promise<Repository>;
  /** Deletes a manifest with its tags by digest, or a tag alone by its name. */
  deleteManifest(repository: string, reference: string): Promise<void>;
};

const repositoriesAtATime = 4;

/**
 * Carries out a deletion, and returns what was deleted. Each repository is read again first: what somebody has tagged
 * meanwhile, or begun to reference, stays. A failure in one repository does not stop the others.
 */
export async function carryOut(
  registry: DeletingRegistry,
  plans: readonly RepositoryPlan[],
  inUse: ImagesInUse,
  progress: (repository: string) => void = () => {},
): Promise<RepositoryPlan[]> {
  const limit = pLimit(repositoriesAtATime);
  const results = await Promise.allSettled(
    plans.map((plan) =>
      limit(async () => {
        const current = stillPlanned(plan, await registry.read(plan.repository.name), inUse);
        // One after the other, in the plan's order: an interruption leaves nothing that references what is deleted.
        for (const { name } of current.untags) await registry.deleteManifest(current.repository.name, name);
        for (const digest of current.deletes) await registry.deleteManifest(current.repository.name, digest);
        progress(plan.repository.name);
        return current;
      }),
    ),
  );
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const bug = reasons.find((reason) => !(reason instanceof OperationError));
  if (bug !== undefined) throw bug;
  if (reasons.length > 0)
    throw new OperationError(
      `not everything was deleted: ${reasons.length} of ${plans.length} repositories failed. Nothing that stays is damaged; run this again. ${[...new Set(reasons.map(({ message }) => message))].join("\n")}`,
    );
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** The part of a plan that is still right for the repository as it is now. */
function stillPlanned(plan: RepositoryPlan, repository: Repository, inUse: ImagesInUse): RepositoryPlan {
  const before = new Map(plan.repository.tags.map(({ name, digest }) => [name, digest]));
  const unmoved = repository.tags.filter(({ name, digest }) => before.get(name) === digest);
  const tags = unmoved.map(({ name }) => name).filter((name) => plan.asked.tags.has(name) && !plan.stays.has(name));
  // A digest is asked for with the tags that it had. One that has got another tag meanwhile stays.
  const added = new Set(repository.tags.filter((tag) => !unmoved.includes(tag)).map(({ digest }) => digest));
  const digests = [...plan.asked.digests].filter(
    (digest) => !added.has(digest) && lastPush(repository, digest) === lastPush(plan.repository, digest),
  );
  const now = planRepository(repository, { tags: new Set(tags), digests: new Set(digests) }, inUse);
  const deletes = new Set(plan.deletes);
  const untags = new Set(plan.untags.map(({ name }) => name));
  return {
    ...now,
    stays: new Map([...plan.stays, ...now.stays]),
    deletes: now.deletes.filter((digest) => deletes.has(digest)),
    untags: now.untags.filter(({ name }) => untags.has(name)),
  };
}

/** When a manifest without a tag was last pushed; undefined for one with a tag. */
function lastPush({ untagged }: Repository, digest: Digest): number | undefined {
  return untagged?.get(digest)?.getTime();
}
