import { PathPrefix, RepositoryGlob } from "../../settings/formats/repository-glob.ts";
import { TagGlob } from "../../settings/formats/tag-glob.ts";
import { repositoryMatches } from "../contents/globs.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import type { Source } from "./source.ts";

/** One entry of `--match`. */
export type Pattern = {
  /** A repository glob, below the source's path. */
  repository: string;
  /** A tag glob. @default every tag */
  tag?: string;
};

/** A repository to copy. */
export type Pair = {
  /** Its name at the source. */
  from: string;
  /** Its name at the destination. */
  to: string;
  /** Tag globs, of which a tag has to match one. @default every tag */
  tags?: readonly string[];
};

/** Reads `GLOB[,GLOB…]`, each `REPOSITORIES` or `REPOSITORIES:TAGS`. */
export function patternsIn(text: string): Pattern[] {
  return text.split(",").map((entry) => {
    const [repository = "", tag, ...more] = entry.split(":");
    const problem =
      more.length > 0
        ? "more than one colon"
        : (RepositoryGlob.safeParse(repository).error ?? TagGlob.safeParse(tag ?? "*").error)?.issues[0]?.message;
    if (problem !== undefined) throw new UsageError(`--match ${JSON.stringify(entry)}: ${problem}`);
    return { repository, ...(tag !== undefined && { tag }) };
  });
}

/** Throws a UsageError unless this is a path below which the destination can have repositories. */
export function requirePrefix(prefix: string): void {
  const problem = PathPrefix.safeParse(prefix).error?.issues[0]?.message;
  if (problem !== undefined) throw new UsageError(`--to ${JSON.stringify(prefix)}: ${problem}`);
}

/**
 * The repositories that these patterns select. The source's list of repositories is read only for wildcards: Docker Hub
 * and others have none.
 */
export async function selectPairs(source: Source, patterns: readonly Pattern[], prefix: string): Promise<Pair[]> {
  const hasWildcard = patterns.some(({ repository }) => repository.includes("*"));
  const listed = hasWildcard ? below(await source.api.repositories(), source.path) : [];
  const named = patterns.map(({ repository }) => repository).filter((name) => !name.includes("*"));
  const names = [...new Set([...named, ...listed])].sort();
  const pairs = names.flatMap((name) => {
    const matching = patterns.filter(({ repository }) => repositoryMatches(repository, name));
    if (matching.length === 0) return [];
    const tags = matching.flatMap(({ tag }) => tag ?? []);
    const pair = { from: joined(source.path, name), to: joined(prefix, name) };
    return [tags.length === matching.length ? { ...pair, tags } : pair];
  });
  if (pairs.length === 0)
    throw new OperationError(
      `${joined(source.host, source.path)} has no repository that ${patterns.map(({ repository }) => repository).join(" or ")} matches, of ${listed.length}`,
    );
  return pairs;
}

/** The names below a folder, without the folder. */
function below(names: readonly string[], path: string): string[] {
  return path === ""
    ? [...names]
    : names.flatMap((name) => (name.startsWith(`${path}/`) ? name.slice(path.length + 1) : []));
}

function joined(prefix: string, name: string): string {
  return [prefix, name].filter((part) => part !== "").join("/");
}
