import { globPattern, tagGlobPattern } from "../../../render/proxy/globs.ts";
import type { Account } from "../../../settings/accounts.ts";
import { splitImmutableTag } from "../../../settings/immutable-tags.ts";

/** The name of the doctor's own repository, below what an account may push to. The ui leaves it out of its list by this name. */
const ownName = "container-registry-doctor";

export const ownTag = "doctor";

export type PushTarget = {
  account: string;
  repository: string;
  /** Who may delete there afterwards. */
  deleter: string;
};

/**
 * A repository that nobody else uses, with an account that may push to it and one that may delete there. Undefined where
 * no account may do both, or where the tag would stay for ever.
 */
export function pushTarget(accounts: readonly Account[], immutableTags: readonly string[]): PushTarget | undefined {
  for (const { name: account, push } of accounts)
    for (const repository of push.flatMap(ownRepository)) {
      const deleter = accounts.find((each) => each.delete.some((glob) => matches(globPattern(glob), repository)));
      if (deleter && !isImmutable(repository, immutableTags)) return { account, repository, deleter: deleter.name };
    }
  return undefined;
}

/** A repository that the glob matches and that no image has; none for a glob that names one repository. */
export function ownRepository(glob: string): string[] {
  const segments = glob.split("/");
  if (!segments.at(-1)?.startsWith("*")) return [];
  return [segments.map((segment) => (segment.startsWith("*") ? ownName : segment)).join("/")];
}

/** Whether the doctor has made a repository of that name. */
export function isOwnRepository(name: string): boolean {
  return name.split("/").at(-1) === ownName;
}

function isImmutable(repository: string, immutableTags: readonly string[]): boolean {
  return immutableTags
    .map(splitImmutableTag)
    .some((each) => matches(globPattern(each.repository), repository) && matches(tagGlobPattern(each.tag), ownTag));
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}
