import { z } from "zod";
import type { Repository } from "../contents/contents.ts";
import { subjectOfTag } from "../contents/referrer-tag.ts";
import { freedBytes } from "./freed-bytes.ts";
import type { RepositoryPlan } from "./plan-repository.ts";
import { createdOf } from "./retention.ts";
import type { Selection } from "./selection.ts";

const TagReason = z.object({ tag: z.string(), digest: z.string(), reason: z.string() });

/** What `registry delete --json` and `registry retain --json` print. Fields may be added, none is removed. */
export const DeletionReport = z.object({
  /** Whether it was only planned. */
  dryRun: z.boolean(),
  /** Whether the images that the cluster's pods run are known, and so retained. */
  pods: z.enum(["retained", "no cluster", "not asked"]),
  /** What the next collection of garbage can free, at most. */
  freedBytes: z.int(),
  repositories: z.array(
    z.object({
      repository: z.string(),
      /** Manifests, in the order of their deletion; `tags` go with them. */
      deleted: z.array(
        z.object({
          digest: z.string(),
          tags: z.array(z.string()),
          created: z.string().optional(),
          /** Of a manifest that no tag leads to: when it was last pushed. */
          pushed: z.string().optional(),
        }),
      ),
      /** Tags that are deleted alone, since something that stays needs their manifest. */
      tagsAlone: z.array(z.object({ tag: z.string(), digest: z.string() })),
      retained: z.array(TagReason),
      /** Manifests that no tag leads to and that stay, where a rule looks for such. */
      retainedUntagged: z.array(z.object({ digest: z.string(), reason: z.string() })),
    }),
  ),
});

export type DeletionReport = z.output<typeof DeletionReport>;

type Described = {
  plans: readonly RepositoryPlan[];
  repositories: readonly Repository[];
  selection: Selection;
  dryRun: boolean;
  pods: DeletionReport["pods"];
};

/** The report about a deletion that is planned or carried out. */
export function deletionReport({ plans, repositories, selection, dryRun, pods }: Described): DeletionReport {
  return {
    dryRun,
    pods,
    freedBytes: freedBytes({ repositories }, plans),
    repositories: plans.map((plan) => {
      const { repository, deletes, untags } = plan;
      return {
        repository: repository.name,
        deleted: deletes.map((digest) => {
          const created = createdOf(repository, digest)?.toISOString();
          const pushed = repository.untagged?.get(digest)?.toISOString();
          return { digest, tags: tagsOf(repository, digest), ...(created && { created }), ...(pushed && { pushed }) };
        }),
        tagsAlone: untags.map(({ name, digest }) => ({ tag: name, digest })),
        retained: keptIn(plan, selection.get(repository.name)?.retained ?? new Map()),
        retainedUntagged: keptUntagged(plan, selection.get(repository.name)?.retained ?? new Map()),
      };
    }),
  };
}

function tagsOf({ tags }: Repository, of: string): string[] {
  return tags.filter(({ digest }) => digest === of).map(({ name }) => name);
}

/** The tags that stay, each with the reason. Tags that no rule was applied to are left out. */
function keptIn({ repository, deletes, untags, stays }: RepositoryPlan, retained: ReadonlyMap<string, string>) {
  const deleted = new Set(deletes);
  const untagged = new Set(untags.map(({ name }) => name));
  return repository.tags
    .filter(({ name, digest }) => !deleted.has(digest) && !untagged.has(name))
    .flatMap(({ name, digest }) => {
      const subject = subjectOfTag(name);
      const reason =
        stays.get(name) ??
        retained.get(name) ??
        (subject && retained.size > 0 ? belongs(repository, subject) : undefined);
      return reason === undefined ? [] : [{ tag: name, digest, reason }];
    });
}

function keptUntagged({ repository, deletes, stays }: RepositoryPlan, retained: ReadonlyMap<string, string>) {
  const deleted = new Set(deletes);
  return [...(repository.untagged?.keys() ?? [])].flatMap((digest) => {
    const reason = stays.get(digest) ?? retained.get(digest);
    return deleted.has(digest) || reason === undefined ? [] : [{ digest, reason }];
  });
}

function belongs({ manifests }: Repository, subject: string): string {
  return manifests.has(subject) ? "belongs to an image that stays" : "belongs to an image without a tag";
}
