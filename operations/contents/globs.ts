import { globPattern, tagGlobPattern } from "../../render/proxy/globs.ts";

/** Whether a repository's whole name matches a repository glob. */
export function repositoryMatches(glob: string, name: string): boolean {
  return new RegExp(`^${globPattern(glob)}$`).test(name);
}

/** Whether a whole tag matches a tag glob. */
export function tagMatches(glob: string, tag: string): boolean {
  return new RegExp(`^${tagGlobPattern(glob)}$`).test(tag);
}
