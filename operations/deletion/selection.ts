import type { Contents, Repository, Tag } from "../contents/contents.ts";
import { repositoryMatches, tagMatches } from "../contents/globs.ts";
import { imageName, withoutHost } from "../contents/image-name.ts";
import { subjectOfTag } from "../contents/referrer-tag.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import type { Asked } from "./plan-repository.ts";
import { type Keep, keptTags } from "./retention.ts";

/** What is asked for in each repository, by its name, and why other tags that were looked at stay. */
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
  return select(
    contents.repositories.filter(({ name }) => repositoryMatches(repositories, name)),
    (repository) => {
      const matching = repository.tags.filter(({ name }) => tagMatches(tags, name));
      return { matching, retained: keptTags(repository, matching, keep, now) };
    },
  );
}

/** Selects what the stack file's rules do not keep. For each repository the first rule that matches it counts. */
export function selectByRules(
  contents: Contents,
  rules: readonly (Keep & { repositories: string })[],
  now: Date,
): Selection {
  const ruleOf = ({ name }: Repository) => rules.find((rule) => repositoryMatches(rule.repositories, name));
  return select(contents.repositories.filter(ruleOf), (repository) => {
    const retained = keptTags(repository, repository.tags, ruleOf(repository) ?? {}, now);
    return { matching: repository.tags, retained };
  });
}

type Decision = { matching: readonly Tag[]; retained: ReadonlyMap<string, string> };

function select(repositories: readonly Repository[], decide: (repository: Repository) => Decision): Selection {
  return new Map(
    repositories.map((repository) => {
      const { matching, retained } = decide(repository);
      const going = matching.filter(({ name }) => subjectOfTag(name) === undefined && !retained.has(name));
      return [repository.name, { tags: new Set(going.map(({ name }) => name)), digests: new Set<string>(), retained }];
    }),
  );
}
