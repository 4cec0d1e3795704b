import type { RetentionRule } from "../../settings/retention.ts";
import type { Contents, Digest, Repository, Tag } from "../contents/contents.ts";
import { repositoryMatches, tagMatches } from "../contents/globs.ts";
import { imageName, withoutHost } from "../contents/image-name.ts";
import { subjectOfTag } from "../contents/referrer-tag.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import type { Asked } from "./plan-repository.ts";
import { type Keep, keptTags, selectUntagged } from "./retention.ts";

/** What is asked for in each repository, by its name, and why other tags and digests that were looked at stay. */
export type Selection = ReadonlyMap<string, Asked & { retained: ReadonlyMap<string, string> }>;

/** Image references as a user types them, by repository. `host` in front of them is accepted. */
export function referencesIn(texts: readonly string[], host: string): Map<string, Asked> {
  const found = new Map<string, { tags: Set<string>; digests: Set<string> }>();
  for (const text of texts) {
    const { repository, tag, digest } = imageName(withoutHost(text, host)) ?? {};
    if (repository === undefined || (tag === undefined && digest === undefined))
      throw new UsageError(
        `${JSON.stringify(text)} names no image; REPOSITORY:TAG or REPOSITORY@sha256:HEX, as in team-a/app:1.4; for all tags of repositories: --match GLOB`,
      );
    const asked = found.get(repository) ?? { tags: new Set(), digests: new Set() };
    // With both, a digest says which image is meant, and the tag only what it was called.
    if (digest !== undefined) asked.digests.add(digest);
    else if (tag !== undefined) asked.tags.add(tag);
    found.set(repository, asked);
  }
  return found;
}

/** Selects references. Throws if the registry does not have one of them. */
export function selectReferences({ repositories }: Contents, references: ReadonlyMap<string, Asked>): Selection {
  const missing = [...references].flatMap(([name, { tags, digests }]) => {
    const repository = repositories.find((each) => each.name === name);
    const has = new Set(repository?.tags.map((tag) => tag.name));
    return [
      ...[...tags].filter((tag) => !has.has(tag)).map((tag) => `${name}:${tag}`),
      ...[...digests].filter((digest) => !repository?.manifests.has(digest)).map((digest) => `${name}@${digest}`),
    ];
  });
  if (missing.length > 0)
    throw new OperationError(
      `the registry has no ${missing.join(", no ")}, or no tag leads there; nothing was deleted. What there is: npm run -s registry -- images`,
    );
  return new Map([...references].map(([name, asked]) => [name, { ...asked, retained: new Map() }]));
}

/** Selects the tags that match `REPOSITORY-GLOB[:TAG-GLOB]`, except those that `keep` keeps. */
export function selectMatching(contents: Contents, glob: string, keep: Keep, now: Date): Selection {
  const [repositories = "", tags = "*"] = glob.split(":");
  return new Map(
    contents.repositories
      .filter(({ name }) => repositoryMatches(repositories, name))
      .map((repository) => {
        const matching = repository.tags.filter(({ name }) => tagMatches(tags, name));
        return [repository.name, asked(matching, keptTags(repository, matching, keep, now))];
      }),
  );
}

type Rule = Keep & Pick<RetentionRule, "repositories" | "untaggedAfter">;

/** The rule that counts for a repository: the first one that matches it. */
export function ruleFor<R extends Pick<Rule, "repositories">>(rules: readonly R[], repository: string): R | undefined {
  return rules.find((rule) => repositoryMatches(rule.repositories, repository));
}

/** Selects what the stack file's rules do not keep. */
export function selectByRules(contents: Contents, rules: readonly Rule[], now: Date): Selection {
  return new Map(
    contents.repositories.flatMap((repository) => {
      const rule = ruleFor(rules, repository.name);
      if (rule === undefined) return [];
      const { untaggedAfter } = rule;
      const tags = asked(repository.tags, tagsKeptBy(rule, repository, now));
      if (untaggedAfter === undefined) return [[repository.name, tags]];
      const { going, retained } = selectUntagged(repository, untaggedAfter, now);
      return [[repository.name, { ...tags, digests: going, retained: new Map([...tags.retained, ...retained]) }]];
    }),
  );
}

function tagsKeptBy(rule: Rule, repository: Repository, now: Date): ReadonlyMap<string, string> {
  if ((rule.keepLast ?? rule.keepDays ?? rule.keepTags) !== undefined)
    return keptTags(repository, repository.tags, rule, now);
  const named = repository.tags.filter(({ name }) => subjectOfTag(name) === undefined);
  return new Map(named.map(({ name }) => [name, "has a tag, and the rule is about images without one"]));
}

/** Asks for these tags, except those that are retained and those that go with the manifest that they belong to. */
function asked(tags: readonly Tag[], retained: ReadonlyMap<string, string>) {
  const going = tags.filter(({ name }) => subjectOfTag(name) === undefined && !retained.has(name));
  return { tags: new Set(going.map(({ name }) => name)), digests: new Set<Digest>(), retained };
}
